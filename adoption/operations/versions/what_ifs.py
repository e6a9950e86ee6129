"""What-ifs: copies of a plan to try things on, taken over as one change or dropped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.comparison import made_in, renamed
from adoption.editing import PLAN, Changes, Moves, Sheet, applied, clash, difference, reverse
from adoption.models import (
    Assignment,
    Baseline,
    CheckItem,
    PackageComment,
    Plan,
    PlanChange,
)
from adoption.operations.editing.applying import apply_edit
from adoption.operations.editing.desk import open_desk, sheet_of
from adoption.operations.editing.numbering import fresh_uids
from adoption.operations.telling import tell_of_take_over
from adoption.operations.versions.baselines import freeze
from adoption.operations.versions.copying import copy_rows
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from rendering.formats import current
from tenancy.audit import record, summed_up
from tenancy.models import new_id

MOST_WHAT_IFS = 10
ROWS_AT_ONCE = 2000


class StaleWhatIf(ValidationError):
    """The live plan was changed where the what-if changes it too; each message names a change."""


@transaction.atomic
def make_what_if(*, plan: Plan, name: str, by: User | None, now: datetime) -> Plan:
    """A copy of the live plan's rows, links and assignments, under a name of its own.

    Raises ValidationError at `name`: missing, taken, or one more than are kept.
    """
    live = Plan.objects.select_for_update().get(pk=plan.pk)
    _check_name(live, name.strip())
    copy = Plan.every.get(pk=live.pk)
    copy.pk, copy._state.adding = new_id(), True
    copy.name, copy.what_if_of, copy.version = name.strip(), live, 1
    copy.copied_by, copy.copied_at, copy.copied_version = by, now, live.version
    copy.save(force_insert=True)
    copy_rows(live, copy)
    _record("plan.what_if_made", copy, {})
    return copy


def _insert(model: Any, rows: Sequence[Any]) -> None:
    for row in rows:
        row._state.adding = True
    model.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


@transaction.atomic
def drop_what_if(*, what_if: Plan, now: datetime) -> None:
    """Drop a what-if; `restore_what_if` brings it back for 30 days."""
    what_if.dropped_at = now
    what_if.save(update_fields=["dropped_at"])
    _record("plan.what_if_dropped", what_if, {})


@transaction.atomic
def restore_what_if(*, what_if: Plan) -> None:
    """Bring back a dropped what-if. Raises ValidationError when its name is taken by now."""
    if what_if.dropped_at is None or what_if.what_if_of is None:
        return
    _check_name(what_if.what_if_of, what_if.name)
    what_if.dropped_at = None
    what_if.save(update_fields=["dropped_at"])
    _record("plan.what_if_restored", what_if, {})


@transaction.atomic
def take_over(
    *, what_if: Plan, by: User | None, now: datetime, anyway: bool = False, store: bool = True
) -> Moves:
    """Make on the live plan what was changed on the copy, as one change that can be undone.

    What the live plan was given since stays, except where both changed the same: then
    StaleWhatIf names it, unless `anyway` lets the copy win. The live plan is kept as a baseline
    first and the copy goes. Assignments of rows both have stay the live plan's. Without `store`
    nothing is written and the answer tells what would move.
    Raises ValidationError when the changes do not fit the live plan any more.
    """
    lives = Plan.objects.select_related("engagement", "customer")
    live = lives.get(what_ifs=what_if)
    changes = changes_of(what_if)
    if not changes:
        raise ValidationError(_("Nothing was changed on it yet, so there is nothing to take over."))
    own = made_in(changes)
    names = dict(zip(own, fresh_uids(open_desk(live, to_store=store), len(own)), strict=True))
    changes = renamed(changes, names)
    if store and not anyway:
        _refuse_clashes(what_if, changes)
    words = _("What-if taken over: %(name)s") % {"name": what_if.name}
    kept = _make_way(live, what_if, own, by, now) if store else ()
    with summed_up():
        moves = apply_edit(
            plan=live,
            edit=lambda sheet: applied(sheet, changes),
            kind="taken_over",
            words=words,
            by=by,
            now=now,
            store=store,
        )
    if store:
        for rows in kept:
            _insert(type(rows[0]), rows)
        _tell(live, words, by, now)
        tell_of_take_over(live, what_if.name, by, moves.change_id)
    return moves


def _make_way(
    live: Plan, what_if: Plan, own: Sequence[str], by: User | None, now: datetime
) -> tuple[Sequence[Any], ...]:
    """Keep the live plan as a baseline and delete the copy, whose new rows keep their ids on the
    live plan; returns what hangs on those."""
    name = _("Before %(what_if)s") % {"what_if": what_if.name}
    freeze(live, kind=Baseline.Kind.BEFORE, name=name, by=by, now=now)
    kept = _hanging_on(what_if, own)
    what_if.delete()
    return kept


def changes_of(what_if: Plan) -> Changes:
    """What differs between a what-if as it was copied and as it is; its name is its own."""
    now = sheet_of(what_if)
    changes = difference(_as_copied(what_if, now), now)
    changes.get(PLAN, {}).pop("name", None)
    return {uid: fields for uid, fields in changes.items() if fields}


def clashes_of(what_if: Plan, changes: Changes) -> tuple[PlanChange, ...]:
    """Changes of the live plan since the copying that touch what the what-if changes too."""
    since = PlanChange.objects.filter(
        plan=what_if.what_if_of_id, version__gt=what_if.copied_version or 0
    ).select_related("by")
    return tuple(
        change
        for change in since.order_by("version")
        if change.kind == "replaced" or clash(changes, change.rows) is not None
    )


def _as_copied(what_if: Plan, sheet: Sheet) -> Sheet:
    for change in PlanChange.objects.filter(plan=what_if).order_by("-version"):
        sheet = applied(sheet, reverse(change.rows))
    return sheet


def _refuse_clashes(what_if: Plan, changes: Changes) -> None:
    found = clashes_of(what_if, changes)
    if found:
        words = _("%(who)s changed the plan there too: %(what)s")
        raise StaleWhatIf(
            {
                NON_FIELD_ERRORS: [
                    words % {"who": change.by or _("AdoptIQ"), "what": change.text}
                    for change in found
                ]
            }
        )


def _hanging_on(what_if: Plan, uids: Sequence[str]) -> tuple[Sequence[Any], ...]:
    found: list[Sequence[Any]] = [
        list(model.objects.filter(package__plan=what_if, package__uid__in=uids))
        for model in (CheckItem, PackageComment, Assignment)
    ]
    return tuple(rows for rows in found if rows)


def _tell(live: Plan, words: str, by: User | None, now: datetime) -> None:
    said = _("%(what)s, finish %(day)s")
    put_on_timeline(
        engagement=live.engagement,
        kind="plan.replaced",
        text=said % {"what": words, "day": current().day_and_year(live.finish.date())},
        url=inside("adoption:plan", live.engagement_id),
        by=by,
        at=now,
        shared=True,
    )
    record(
        action="plan.replaced",
        subject=live.engagement,
        facts={"what": words, "finish": live.finish.date()},
        about_customer_id=live.customer_id,
    )


def _check_name(live: Plan, name: str) -> None:
    if not name:
        raise ValidationError({"name": _("Say what you want to try.")})
    if len(name) > 120:
        raise ValidationError({"name": _("At most 120 letters.")})
    names = set(Plan.every.filter(what_if_of=live, dropped_at=None).values_list("name", flat=True))
    if name in names:
        raise ValidationError({"name": _("There is a what-if of this name already.")})
    if len(names) >= MOST_WHAT_IFS:
        words = _("%(n)s what-ifs are kept at most. Drop one first.")
        raise ValidationError({"name": words % {"n": MOST_WHAT_IFS}})


def _record(action: str, what_if: Plan, facts: dict[str, Any]) -> None:
    record(
        action=action,
        subject=what_if.engagement,
        facts={"what_if": what_if.name, **facts},
        about_customer_id=what_if.customer_id,
    )
