"""What people are told of: how each kind is called, and which choice it falls under.

A new kind gets one line in `KINDS`. Which group it belongs to follows from its noun and verb, or
stands in `GROUP_OF`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Way

# What each kind is called as a filter, and the icon beside it.
KINDS: dict[str, tuple[Promise | str, str]] = {
    "job.parked": (_("Jobs given up"), "alert-octagon"),
    "import.finished": (_("Files read"), "database-import"),
    "import.failed": (_("Files not read"), "alert-triangle"),
    "plan.late": (_("Plans running late"), "calendar-event"),
    "invitation.accepted": (_("Invitations accepted"), "user-plus"),
    "file.refused": (_("Files kept away"), "alert-octagon"),
    "scanner.away": (_("Virus scanner away"), "alert-triangle"),
    "export.ready": (_("Exports"), "download"),
    "demo.ready": (_("The demo"), "player-play"),
    "mail.failed": (_("Mail not delivered"), "alert-triangle"),
    "mail.waiting": (_("Mail that waits"), "clock"),
    "risk.assigned": (_("Risks that became yours"), "alert-triangle"),
    "risk.overdue": (_("Mitigation overdue"), "clock"),
    "engagement.handed": (_("Engagements that became yours"), "layout-list"),
    "portfolio.handed_over": (_("Customers handed over"), "arrows-exchange"),
    "portfolio.covered": (_("Covers arranged"), "users"),
    "criterion.agreed": (_("Criteria agreed"), "circle-check"),
    "sign_off.near": (_("Sign-off is near"), "calendar-event"),
    "mention.made": (_("Mentions of you"), "message"),
    "task.assigned": (_("Tasks for you"), "checkbox"),
    "task.due": (_("Reminders"), "clock"),
    "question.asked": (_("Questions to you"), "help"),
    "question.answered": (_("Answers to your questions"), "message"),
    "question.overdue": (_("Questions without an answer"), "clock"),
    "renewal.near": (_("Renewal is near"), "refresh"),
    "survey.closed": (_("Surveys closed"), "layout-list"),
    "concern.assigned": (_("Concerns that became yours"), "alert-triangle"),
    "concern.overdue": (_("Concerns overdue"), "clock"),
    "baseline.set": (_("Baselines set"), "pin"),
    "what_if.taken_over": (_("What-ifs taken over"), "arrows-exchange"),
    "alert.raised": (_("Alerts about your customers"), "alert-triangle"),
    "alert.assigned": (_("Alerts that became yours"), "alert-triangle"),
    "target.agreed": (_("Targets to confirm"), "circle-check"),
    "target.confirmed": (_("Targets confirmed"), "circle-check"),
    "paper.sent": (_("Decisions asked for"), "file-text"),
    "paper.asked": (_("Questions about decisions"), "help"),
    "paper.answered": (_("Answers about decisions"), "help"),
    "paper.decided": (_("Decisions made"), "circle-check"),
    "paper.reopened": (_("Decisions taken back"), "refresh"),
    "package.moved": (_("Your work packages moved"), "calendar-event"),
}
UNKNOWN_KIND = (_("Other"), "info-circle")


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that somebody chooses about at once, and what holds until they do."""

    key: str
    label: Promise | str
    hint: Promise | str
    usual: Way


GROUPS = (
    Group(
        "mentions",
        _("You are mentioned"),
        _("Somebody names you in a note, a question or an answer."),
        Way.NOW,
    ),
    Group(
        "yours",
        _("Something becomes yours"),
        _("A task, a risk, a question or an engagement, and what of it is due."),
        Way.NOW,
    ),
    Group(
        "sign_off",
        _("Agreement and sign-off"),
        _("A criterion is agreed, a sign-off is near."),
        Way.NOW,
    ),
    Group(
        "customers",
        _("Your customers"),
        _("A plan runs late, a renewal is near, an answer came in."),
        Way.DIGEST,
    ),
    Group("files", _("Files"), _("What you imported was read, an export is ready."), Way.DIGEST),
    Group(
        "workspace",
        _("The workspace"),
        _("Somebody came in, a job was given up."),
        Way.DIGEST,
    ),
)
GROUP = {group.key: group for group in GROUPS}
OTHERWISE = "customers"
GROUP_OF = {
    "risk.overdue": "yours",
    "concern.overdue": "yours",
    "task.reminder": "yours",
    "question.answered": "yours",
    "question.overdue": "yours",
    "package.moved": "yours",
}
BY_VERB = {
    "mentioned": "mentions",
    "assigned": "yours",
    "handed": "yours",
    "handed_over": "yours",
    "asked": "yours",
    "covered": "yours",
    "reminded": "yours",
    "due": "yours",
}
BY_NOUN = {
    "mention": "mentions",
    "criterion": "sign_off",
    "sign_off": "sign_off",
    "target": "sign_off",
    "import": "files",
    "export": "files",
    "demo": "files",
    "file": "files",
    "job": "workspace",
    "invitation": "workspace",
    "member": "workspace",
    "mail": "workspace",
    "scanner": "workspace",
}


def group_of(kind: str) -> str:
    """The key of the group that somebody chooses about when they choose about this kind."""
    noun, _dot, verb = kind.partition(".")
    return GROUP_OF.get(kind) or BY_VERB.get(verb) or BY_NOUN.get(noun) or OTHERWISE


def name_of_kind(kind: str) -> tuple[str, str]:
    """Its label and its icon."""
    label, icon = KINDS.get(kind, UNKNOWN_KIND)
    return str(label), icon
