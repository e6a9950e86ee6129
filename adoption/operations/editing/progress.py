"""How far packages are, as those who do them report it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adoption.editing import Moves, Refused, Row, Sheet, Tree, duration_of, end_of, start_of
from adoption.models import Plan, WorkPackage
from adoption.operations.editing.applying import Order, carry_out
from adoption.operations.editing.desk import Desk
from people.models import User


def report_progress(
    *,
    plan: Plan,
    package: WorkPackage,
    percent: float | None = None,
    actual_start: date | None = None,
    actual_finish: date | None = None,
    remaining: str | None = None,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """What is given counts, the rest follows from it: 100 percent means finished, by now where no
    day is said; some percent means begun, when it was planned to; what is left follows the percent
    and the other way round; 0 percent means not begun.

    `remaining` is a text like `3d`. Raises ValidationError, keyed by field; of what stands below a
    summary only 100 percent can be said, for all of it at once.
    """
    said = {
        "percent": percent,
        "actual_start": actual_start,
        "actual_finish": actual_finish,
        "remaining": remaining,
    }

    def edit(desk: Desk) -> Sheet:
        local = now.astimezone(ZoneInfo(desk.plan.customer.time_zone))
        course = _Course(desk, local.replace(tzinfo=None, second=0, microsecond=0))
        return course.reported(package.uid, {k: v for k, v in said.items() if v is not None})

    words = _("%(name)s: progress") % {"name": package.name}
    if percent is not None:
        words = _("%(name)s: %(n)s percent") % {"name": package.name, "n": f"{percent:g}"}
    return carry_out(Order(plan, by, now, version, store, "progress", words), edit)


def complete_package(
    *,
    plan: Plan,
    package: WorkPackage,
    by: User | None,
    now: datetime,
    version: int | None = None,
    store: bool = True,
) -> Moves:
    """Finished now; of a summary everything below it that is not."""
    return report_progress(
        plan=plan, package=package, percent=100, by=by, now=now, version=version, store=store
    )


class _Course:
    """What follows from a report, given the plan and the local time of the report."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self.desk, self.now = desk, now

    def reported(self, uid: str, said: Mapping[str, Any]) -> Sheet:
        tree = Tree(self.desk.sheet.rows)
        tree.row(uid)
        below = [each for each in tree.subtree(uid) if not tree.below.get(each)]
        if below == [uid]:
            return self.desk.sheet.changed({uid: self._of(tree.row(uid), said)})
        if said.get("percent") != 100:
            raise ValidationError({"percent": SUMMARY})
        open_rows = [tree.row(each) for each in below if tree.row(each).actual_finish is None]
        return self.desk.sheet.changed({row.uid: self._of(row, said) for row in open_rows})

    def _of(self, row: Row, said: Mapping[str, Any]) -> dict[str, Any]:
        percent, left = self._how_far(row, said)
        began = self._moment("actual_start", said, row.actual_start)
        ended = self._moment("actual_finish", said, row.actual_finish)
        if percent >= 100:
            ended = ended or max(self.now, began or self.now)
            began = began or min(self.desk.packages[row.uid].start, ended)
            left = 0
        else:
            ended = None
            if percent > 0 or left is not None:
                began = began or min(self.desk.packages[row.uid].start, self.now)
            elif "actual_start" not in said:
                began = None
        self._check(began, ended)
        return {
            "percent": percent, "actual_start": began, "actual_finish": ended, "remaining": left,
        }  # fmt: skip

    def _how_far(self, row: Row, said: Mapping[str, Any]) -> tuple[float, int | None]:
        """Percent and the minutes left; None where the percent says it."""
        left = None
        if "remaining" in said:
            try:
                left, _elapsed = duration_of(said["remaining"], self.desk.calendar, "remaining")
            except Refused:
                raise ValidationError({"remaining": DURATION}) from None
        if "percent" in said:
            percent = float(said["percent"])
            if not 0 <= percent <= 100:
                raise ValidationError({"percent": _("Between 0 and 100, please.")})
            return percent, left
        if "actual_finish" in said:
            return 100.0, 0
        if left is not None:
            whole = max(row.duration, left, 1)
            return round(100 * (whole - left) / whole, 1) if left else 100.0, left
        return row.percent if row.percent < 100 else 0.0, row.remaining

    def _moment(
        self, name: str, said: Mapping[str, Any], stored: datetime | None
    ) -> datetime | None:
        value = said.get(name)
        if value is None:
            return stored
        if isinstance(value, datetime):
            return value.replace(tzinfo=None, second=0, microsecond=0)
        if value > self.now.date():
            raise ValidationError({name: _("This day is still to come.")})
        if name == "actual_start":
            return start_of(value)
        return min(end_of(value, self.desk.calendar), max(self.now, start_of(value)))

    def _check(self, began: datetime | None, ended: datetime | None) -> None:
        if began is not None and began > self.now:
            raise ValidationError({"actual_start": _("This day is still to come.")})
        if began is not None and ended is not None and ended < began:
            raise ValidationError({"actual_finish": _("This lies before the day it began.")})


SUMMARY = gettext_lazy(
    "How far this is comes from the packages below it; only all of them at once can be completed."
)
DURATION = gettext_lazy("Say what is left as 3d, 4h or 1w.")
