"""Whether a member may do something to a package, and the sentence when they may not."""

from django.utils.translation import gettext_lazy as _

from adoption.editing.rights import Answer, Wish, may_do
from adoption.models import WorkPackage
from tenancy.access import may
from tenancy.models import Membership

SENTENCES = {
    Answer.YES: "",
    Answer.NOT_YOURS: _(
        "This work package belongs to somebody else. Its owner, the customer’s project lead or "
        "the customer success manager can report on it."
    ),
    Answer.NOT_STRUCTURE: _(
        "The plan is changed by the customer success manager and the customer’s project lead. "
        "Ask one of them, or write a comment on the work package."
    ),
    Answer.READING_ONLY: _(
        "Your role in this workspace reads plans. Progress is reported by whoever owns a work "
        "package, the customer’s project lead or the customer success manager."
    ),
}


def get_refusal(*, membership: Membership, package: WorkPackage | None, wish: str) -> str:
    """Why this member may not `change`, report `progress` on, `tick` or `comment` on a package;
    "" when they may. A package is theirs when it names them, or a stakeholder of their address."""
    answer = may_do(
        Wish(wish),
        edits=may(membership, "edit_plan"),
        reports=may(membership, "report_progress"),
        comments=may(membership, "comment_plan"),
        is_own=package is not None and is_own(membership, package),
    )
    return str(SENTENCES[answer])


def is_own(membership: Membership, package: WorkPackage) -> bool:
    if package.owner_member_id is not None:
        return package.owner_member_id == membership.user_id
    person = package.owner_stakeholder
    address = membership.user.email.casefold()
    return person is not None and person.email.casefold() == address
