"""Members and keys, inside `/w/<workspace>/`, and what stands in front of them."""

from allauth.account.views import password_set
from django.urls import path

from people.proof import sensitive
from people.views import audit, invitations, keys, links, members, profile, sign_up

app_name = "people"

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/members.csv", members.export_members, name="export_members"),
    path("members/restore/", members.restore_member, name="restore_member"),
    path("members/<uuid:membership_id>/", members.change_member, name="change_member"),
    path("members/<uuid:membership_id>/remove/", members.remove_member, name="remove_member"),
    path(
        "members/invitations/<uuid:invitation_id>/again/",
        members.send_invitation_again,
        name="send_invitation_again",
    ),
    path(
        "members/invitations/<uuid:invitation_id>/revoke/",
        members.revoke_invitation,
        name="revoke_invitation",
    ),
    path("audit/", audit.audit_log, name="audit_log"),
    path("audit/log.csv", audit.export_audit_log, name="export_audit_log"),
    path("audit/verify/", audit.verify_audit_log, name="verify_audit_log"),
    path("keys/", keys.keys, name="keys"),
    path("keys/keys.csv", keys.export_keys, name="export_keys"),
    path("keys/<uuid:key_id>/", keys.key, name="key"),
    path("keys/<uuid:key_id>/rotate/", keys.rotate_key, name="rotate_key"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke_key, name="revoke_key"),
]

# Under /accounts/, in front of what allauth answers there.
account_urlpatterns = [
    path("signup/", sign_up.signup, name="account_signup"),
    path("signup/short-name/", sign_up.suggest_short_name, name="suggest_short_name"),
    path("signup/<str:token>/", sign_up.finish_sign_up, name="finish_sign_up"),
    path("link/", links.ask_for_link, name="ask_for_link"),
    path("link/sent/", links.link_sent, name="link_sent"),
    path("link/prove/", links.prove_by_link, name="prove_by_link"),
    path("link/<str:token>/", links.follow_link, name="follow_link"),
    path("invitation/<str:token>/", invitations.follow_invitation, name="follow_invitation"),
    path("profile/", profile.profile, name="profile"),
    path("sessions/<int:session_id>/end/", profile.end_session, name="end_session"),
    # Without an old password to ask for, a fresh proof is.
    path("password/set/", sensitive(password_set), name="account_set_password"),
]
