"""Why an edit is refused, in words."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adoption.editing import Refused
from adoption.scheduling import CircularPlan

SENTENCES = {
    "already_first": _("“%(name)s” stands first already; move it out to go further up."),
    "already_last": _("“%(name)s” stands last already; move it out to go further down."),
    "already_out": _("“%(name)s” stands at the top level already."),
    "duration": _("“%(text)s” is not a duration like 5d, 3h or 2w."),
    "gone": _("This work package is no longer in the plan; somebody removed it."),
    "inside_itself": _("“%(name)s” cannot be moved into itself."),
    "lag": _("“%(text)s” is not a lag like 2d, -3h or 1ed."),
    "no_such_way": _("Rows move up, down, in or out."),
    "nothing_above": _("There is no row above “%(name)s” that it could go under."),
    "nothing_there": _("There is nothing to take over: write one step a line."),
    "parent_gone": _("What it stood under is no longer in the plan."),
    "row_duration": _("Row %(line)s, column duration: “%(text)s” is not like 5d, 3h or 2w."),
    "row_name_long": _("Row %(line)s, column name: it is longer than 500 characters."),
    "row_predecessors": _("Row %(line)s, column predecessors: there is no step “%(text)s”."),
    "row_without_name": _("Row %(line)s, column name: it is empty."),
    "still_linked": _("“%(name)s” waits for a row that is not in the plan."),
    "still_used": _("Other rows stand below it by now."),
    "too_many": _("That is more than %(number)s rows; bring a file instead."),
    "unknown_step": _("There is no step “%(text)s” in this plan."),
}


class VersionConflict(ValidationError):
    """Somebody else changed the same meanwhile; the message says who and what."""

    def __init__(self, message: str) -> None:
        super().__init__({"version": message})


def refusal(refused: Refused) -> ValidationError:
    words = SENTENCES[refused.kind] % {"name": "", **refused.facts}
    return ValidationError({refused.field: words})


def refusal_of_circle(circle: CircularPlan, field: str) -> ValidationError:
    loop = circle.headline.partition(": ")[2]
    words = _("These steps wait for each other in a circle: %(loop)s") % {"loop": loop}
    return ValidationError({field: words})
