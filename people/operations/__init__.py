"""Changes to people, their places, and what lets them in."""

from people.operations.invitations import (
    AlreadyMember,
    NotYourInvitation,
    accept_invitation,
    admit,
    invite,
    revoke_invitation,
    send_again,
)
from people.operations.links import (
    DeadLink,
    ask_for_link,
    claim_letter,
    forget_old_letters,
    use_letter,
)
from people.operations.members import (
    LastAdmin,
    change_role,
    create_workspace,
    find_or_create_user,
    forget_people,
    remove_member,
    rename_user,
    restore_member,
)
from people.operations.security import (
    end_sessions,
    forget_second_factor,
    note_everywhere,
    use_totp_step,
)
from people.operations.signing_up import ShortNameTaken, open_workspace, register

__all__ = [
    "AlreadyMember",
    "DeadLink",
    "LastAdmin",
    "NotYourInvitation",
    "ShortNameTaken",
    "accept_invitation",
    "admit",
    "ask_for_link",
    "change_role",
    "claim_letter",
    "create_workspace",
    "end_sessions",
    "find_or_create_user",
    "forget_old_letters",
    "forget_people",
    "forget_second_factor",
    "invite",
    "note_everywhere",
    "open_workspace",
    "register",
    "remove_member",
    "rename_user",
    "restore_member",
    "revoke_invitation",
    "send_again",
    "use_letter",
    "use_totp_step",
]
