"""Levelling taken over: dates that packages do not start before, as one change of the plan.

They are ordinary constraints, “not to begin before”: people see them on the package, may take
them away one by one, carry them into Microsoft Project, and undo the whole.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption.editing import Moves
from adoption.models import Plan
from adoption.operations.editing import change_rows
from adoption.scheduling import ConstraintType
from people.models import User


@transaction.atomic
def level_plan(
    *, plan: Plan, not_before: Mapping[str, datetime], by: User | None, now: datetime
) -> Moves:
    """Set the dates of a preview, by uid of the package; undone like any other change.

    Raises ValidationError.
    """
    words = ngettext(
        "Levelled: %(n)s work package waits for what it needs",
        "Levelled: %(n)s work packages wait for what they need",
        len(not_before),
    )
    return change_rows(
        plan=plan,
        fields_of={
            uid: {"constraint": ConstraintType.SNET.value, "constraint_at": moment}
            for uid, moment in not_before.items()
        },
        kind="levelled",
        words=words % {"n": len(not_before)} if not_before else _("Levelled"),
        by=by,
        now=now,
    )
