"""Handing customers over for good, and having somebody look after them for a while."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Concern, Cover, Customer, Engagement, HandOver, Risk, Task
from engagements.operations.saving import save
from engagements.operations.timeline import inside, put_on_timeline
from notifications.operations import notify
from people.models import User
from rendering.formats import Formats
from tenancy.audit import record
from tenancy.queries import get_current_tenant

HANDED_OVER = "portfolio.handed_over"
COVERED = "portfolio.covered"
# How many customers an entry of the audit log names.
NAMED_AT_MOST = 50


@transaction.atomic
def hand_over(
    *,
    from_user: User,
    to_user: User,
    customers: Sequence[Customer],
    with_work: bool,
    note: str,
    by: User | None,
    now: datetime,
) -> HandOver:
    """These customers and their engagements have another CSM from now on.

    `with_work` hands over the open risks, concerns and tasks about them as well. Both people are
    told.
    Raises ValidationError, keyed by field.
    """
    _check_people(from_user, to_user, "to_user")
    held = Customer.objects.select_for_update().filter(csm=from_user)
    rows = list(held.filter(pk__in=[customer.pk for customer in customers]))
    if not rows:
        raise ValidationError({"customers": _("Choose at least one customer of theirs.")})
    moved = _move(rows, from_user, to_user, with_work, now)
    made = HandOver.objects.create(
        from_user=from_user,
        to_user=to_user,
        note=note.strip(),
        handed_over_at=now,
        handed_over_by=by,
        moved=moved,
    )
    _put_on_timelines(moved["engagement"], from_user, to_user, by)
    _tell_both(made, len(rows))
    names = [str(row) for row in rows][:NAMED_AT_MOST]
    facts = {"to": to_user, "customers": len(rows), "names": names}
    record(action=HANDED_OVER, subject=from_user, facts=facts)
    return made


def _check_people(first: User, second: User, field: str) -> None:
    if first == second:
        raise ValidationError({field: _("Choose somebody else.")})


def _open_work(customer_ids: Iterable[UUID], owner: User) -> dict[str, Any]:
    """What somebody owns that is still to be done about some customers, by kind."""
    wanted = {"owner": owner, "customer_id__in": list(customer_ids)}
    return {
        "risk": Risk.objects.filter(**wanted).exclude(state=Risk.State.CLOSED),
        "concern": Concern.objects.filter(**wanted).exclude(state=Concern.State.SOLVED),
        "task": Task.objects.filter(**wanted, done_at=None, deleted_at=None),
    }


def _move(
    customers: Sequence[Customer], from_user: User, to_user: User, with_work: bool, now: datetime
) -> dict[str, list[str]]:
    """{kind: ids of the rows that changed hands}"""
    ids = [customer.pk for customer in customers]
    sets: dict[str, Any] = {
        "customer": Customer.objects.filter(pk__in=ids),
        "engagement": Engagement.objects.filter(customer_id__in=ids, csm=from_user),
    }
    if with_work:
        sets |= _open_work(ids, from_user)
    return {kind: _give(kind, rows, to_user, now) for kind, rows in sets.items()}


def _give(kind: str, rows: Any, person: User, now: datetime) -> list[str]:
    ids = list(rows.values_list("pk", flat=True))
    column = "csm" if kind in ("customer", "engagement") else "owner"
    changed: dict[str, Any] = {column: person}
    if any(field.name == "changed_at" for field in rows.model._meta.concrete_fields):
        changed["changed_at"] = now
    rows.model.objects.filter(pk__in=ids).update(**changed)
    return [str(pk) for pk in ids]


def _put_on_timelines(
    engagement_ids: Iterable[str], from_user: User, to_user: User, by: User | None
) -> None:
    words = _("CSM: %(after)s, in place of %(before)s.")
    text = words % {"before": from_user, "after": to_user}
    for engagement in Engagement.objects.filter(pk__in=list(engagement_ids)):
        put_on_timeline(
            engagement=engagement,
            kind="csm.changed",
            text=text,
            url=inside("engagements:promise", engagement.pk),
            by=by,
            shared=True,
        )


def _tell_both(made: HandOver, count: int) -> None:
    slug = get_current_tenant().slug
    to_new = ngettext(
        "%(n)s customer of %(who)s is yours now.",
        "%(n)s customers of %(who)s are yours now.",
        count,
    )
    to_old = ngettext(
        "%(n)s customer of yours went to %(who)s.",
        "%(n)s customers of yours went to %(who)s.",
        count,
    )
    page = reverse("engagements:hand_overs", args=[slug])
    for person, other, words in (
        (made.to_user, made.from_user, to_new),
        (made.from_user, made.to_user, to_old),
    ):
        text = words % {"n": count, "who": other}
        notify(
            recipients=[person],
            kind=HANDED_OVER,
            text=f"{text} {made.note}" if made.note and person == made.to_user else text,
            url=page,
            key=f"{HANDED_OVER}:{made.pk}",
        )


@transaction.atomic
def undo_hand_over(*, made: HandOver, now: datetime) -> None:
    """What the new CSM still has goes back; what somebody has moved on since stays there.

    Raises ValidationError when it was undone already.
    """
    made = HandOver.objects.select_for_update().get(pk=made.pk)
    if made.undone_at:
        raise ValidationError(_("This was undone already."))
    models: dict[str, Any] = {
        "customer": Customer,
        "engagement": Engagement,
        "risk": Risk,
        "concern": Concern,
        "task": Task,
    }
    for kind, ids in made.moved.items():
        column = "csm" if kind in ("customer", "engagement") else "owner"
        rows = models[kind].objects.filter(pk__in=ids, **{column: made.to_user})
        given = _give(kind, rows, made.from_user, now)
        if kind == "engagement":
            _put_on_timelines(given, made.to_user, made.from_user, None)
    made.undone_at = now
    made.save(update_fields=["undone_at"])
    record(action="portfolio.given_back", subject=made.from_user, facts={"from": made.to_user})


@transaction.atomic
def arrange_cover(
    *,
    person: User,
    stand_in: User,
    from_date: date,
    to_date: date,
    note: str,
    by: User | None,
) -> Cover:
    """From one day to another somebody looks after another's customers as well; both are told.

    Raises ValidationError, keyed by field.
    """
    _check_people(person, stand_in, "stand_in")
    cover = Cover(
        person=person,
        stand_in=stand_in,
        from_date=from_date,
        to_date=to_date,
        note=note.strip(),
        created_by=by,
    )
    _check_days(cover)
    save(cover, named_by="from_date")
    _tell_of_cover(cover)
    facts = {"stand_in": stand_in, "from": from_date, "to": to_date}
    record(action=COVERED, subject=person, facts=facts)
    return cover


def _check_days(cover: Cover) -> None:
    if cover.to_date < cover.from_date:
        raise ValidationError({"to_date": _("The last day lies before the first.")})
    there = Cover.objects.filter(
        cancelled_at=None, from_date__lte=cover.to_date, to_date__gte=cover.from_date
    )
    if there.filter(person=cover.person, stand_in=cover.stand_in).exists():
        raise ValidationError({"from_date": _("They stand in on some of these days already.")})
    if there.filter(person=cover.stand_in).exists():
        words = _("%(name)s is away on some of these days too.")
        raise ValidationError({"stand_in": words % {"name": cover.stand_in}})


def _tell_of_cover(cover: Cover) -> None:
    tenant = get_current_tenant()
    days = Formats(tenant.locale)
    words = {
        "person": cover.person,
        "stand_in": cover.stand_in,
        "first": days.day_and_year(cover.from_date),
        "last": days.day_and_year(cover.to_date),
    }
    text = _("%(stand_in)s looks after the customers of %(person)s from %(first)s to %(last)s.")
    notify(
        recipients=[cover.person, cover.stand_in],
        kind=COVERED,
        text=f"{text % words} {cover.note}".strip(),
        url=reverse("engagements:hand_overs", args=[tenant.slug]),
        key=f"{COVERED}:{cover.pk}",
    )


@transaction.atomic
def cancel_cover(*, cover: Cover, now: datetime) -> None:
    """End a cover; once it was ended nothing changes any more."""
    if cover.cancelled_at is not None:
        return
    cover.cancelled_at = now
    cover.save(update_fields=["cancelled_at"])
    record(action="cover.cancelled", subject=cover.person, facts={"stand_in": cover.stand_in})


@transaction.atomic
def restore_cover(*, cover: Cover) -> None:
    """Let an ended cover stand. Raises ValidationError where another one has its days by now."""
    if cover.cancelled_at is None:
        return
    _check_days(cover)
    cover.cancelled_at = None
    cover.save(update_fields=["cancelled_at"])
    record(action="cover.restored", subject=cover.person, facts={"stand_in": cover.stand_in})
