"""People: groups, roster, stakeholders, team and what they were offered."""

from django.urls import path

from engagements.views import rosters

urlpatterns = [
    path("engagements/<uuid:engagement_id>/people/", rosters.people, name="people"),
    path("engagements/<uuid:engagement_id>/roster/", rosters.roster, name="roster"),
    path(
        "engagements/<uuid:engagement_id>/roster.csv", rosters.export_roster, name="export_roster"
    ),
    path(
        "engagements/<uuid:engagement_id>/roster.xlsx",
        rosters.export_roster,
        {"as_workbook": True},
        name="export_roster_xlsx",
    ),
    path(
        "engagements/<uuid:engagement_id>/roster/access/", rosters.give_access, name="give_access"
    ),
    path("engagements/<uuid:engagement_id>/roster/new/", rosters.add_entry, name="add_entry"),
    path("roster/<uuid:entry_id>/", rosters.edit_entry, name="edit_entry"),
    path("roster/<uuid:entry_id>/remove/", rosters.take_off_roster, name="take_off_roster"),
    path(
        "engagements/<uuid:engagement_id>/groups/new/",
        rosters.add_impact_group,
        name="add_impact_group",
    ),
    path("groups/<uuid:group_id>/", rosters.edit_impact_group, name="edit_impact_group"),
    path(
        "engagements/<uuid:engagement_id>/stakeholders/new/",
        rosters.add_stakeholder,
        name="add_stakeholder",
    ),
    path(
        "engagements/<uuid:engagement_id>/stakeholders/<uuid:stakeholder_id>/",
        rosters.edit_stakeholder,
        name="edit_stakeholder",
    ),
    path(
        "engagements/<uuid:engagement_id>/team/new/",
        rosters.add_team_member,
        name="add_team_member",
    ),
    path("team/<uuid:member_id>/", rosters.edit_team_member, name="edit_team_member"),
    path(
        "engagements/<uuid:engagement_id>/offerings/new/",
        rosters.record_offering,
        name="record_offering",
    ),
]
