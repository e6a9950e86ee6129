"""What is to be done next on engagements, gathered for many of them at once.

Every source is a query of the same columns, so that all of them are one question to the database:
engagement, kind, text, day, id, and whether it is the customer's own people who have to do it.
The question stands in the header of every page and differs by nothing but the engagements asked
about, so it is put into SQL once for each side that asks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncDate

from engagements.models import (
    Concern,
    CriterionVersion,
    Engagement,
    ExpertQuestion,
    Phase,
    Risk,
    SuccessCriterion,
    Task,
    WorkRoute,
)
from engagements.next_action import Facts, Kind, Waiting, in_order, lacking
from tenancy.models import Membership
from tenancy.scope import Scope, current_scope

# A criterion that waits for nothing, which is told since an engagement without any lacks one.
AGREED = "agreed"
OURS, THEIRS = Value(value=False), Value(value=True)
# Called as no column of a source is.
COLUMNS = ("about", "waits_as", "words", "due", "pk", "theirs")
Row = tuple[UUID, str, str, date | None, UUID, bool]
Rows = QuerySet[Any, Row]
# Stands among the parameters of the question where the ids of the engagements belong.
_IDS = object()
SIDES_KEPT = 512


def get_waiting(*, engagements: Iterable[Engagement]) -> dict[UUID, tuple[Waiting, ...]]:
    """All that waits by engagement, what is to be done first in front. Costs one query."""
    rows = {row.pk: row for row in engagements}
    if not rows:
        return {}
    found: dict[UUID, list[Waiting]] = defaultdict(list)
    have_criteria = set()
    for about, kind, words, due, pk, theirs in _ask(list(rows)):
        if kind in (AGREED, Kind.AGREE_CRITERION):
            have_criteria.add(about)
        if kind != AGREED:
            found[about].append(Waiting(Kind(kind), words, due, pk, theirs))
    for row in rows.values():
        found[row.pk] += lacking(_facts(row, has_criteria=row.pk in have_criteria))
    return {engagement_id: in_order(found[engagement_id]) for engagement_id in rows}


def _ask(ids: list[UUID]) -> list[Row]:
    sql, params = _question(current_scope())
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids if param is _IDS else param for param in params])
        found: list[Row] = cursor.fetchall()
    return found


@lru_cache(maxsize=SIDES_KEPT)
def _question(_scope: Scope) -> tuple[str, tuple[Any, ...]]:
    """The SQL of all sources and its parameters; they name the workspace and side in force."""
    first, *others = (source() for source in SOURCES)
    return first.union(*others, all=True).query.sql_with_params()


class _AskedAbout(Func):
    """Whether a row belongs to one of the engagements that are asked about."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_form: Any, **_context: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(%s::uuid[])", (*params, _IDS)


# Whether a row of a source belongs to one of the engagements asked about.
ASKED = _AskedAbout(F("engagement_id"))


def get_next_actions(*, engagements: Iterable[Engagement]) -> dict[UUID, Waiting]:
    """The one thing to do next by engagement; one for which nothing waits is left out."""
    waiting = get_waiting(engagements=engagements)
    return {engagement_id: found[0] for engagement_id, found in waiting.items() if found}


def get_next_action(*, engagement: Engagement) -> Waiting | None:
    return get_next_actions(engagements=[engagement]).get(engagement.pk)


def columns_of(rows: QuerySet[Any], *, kind: Any, words: Any, due: Any, theirs: Any = OURS) -> Rows:
    """What a source answers with; `theirs` says that the customer's own people have to do it."""
    named: Any = rows.order_by().annotate(
        about=F("engagement_id"),
        waits_as=Cast(kind, CharField()),
        words=Cast(words, TextField()),
        due=Cast(due, DateField()),
        theirs=Cast(theirs, BooleanField()),
    )
    found: Rows = named.values_list(*COLUMNS)
    return found


def _is_on_their_side(person: str) -> Exists:
    """Whether a column names somebody who signs in for the customer the row belongs to."""
    members = Membership.objects.filter(
        tenant_id=OuterRef("tenant_id"),
        user_id=OuterRef(person),
        customer_id=OuterRef("customer_id"),
    )
    return Exists(members)


def _tasks() -> Rows:
    tasks = Task.objects.filter(ASKED, done_at=None, deleted_at=None)
    return columns_of(
        tasks,
        kind=Value(Kind.TASK.value),
        words=F("title"),
        due=F("due_date"),
        theirs=Case(
            When(owner_at_customer__isnull=False, then=THEIRS),
            default=_is_on_their_side("owner_id"),
        ),
    )


def _questions() -> Rows:
    questions = ExpertQuestion.objects.filter(ASKED, deleted_at=None)
    return columns_of(
        questions.filter(state=ExpertQuestion.State.OPEN),
        kind=Value(Kind.QUESTION.value),
        words=F("text"),
        due=F("due_date"),
        theirs=_is_on_their_side("expert_id"),
    )


def _concerns() -> Rows:
    concerns = Concern.objects.filter(ASKED)
    return columns_of(
        concerns.exclude(state=Concern.State.SOLVED),
        kind=Value(Kind.CONCERN.value),
        words=F("text"),
        due=TruncDate("due_at", tzinfo=UTC),
    )


def _mitigations() -> Rows:
    risks = Risk.objects.filter(ASKED, mitigation_due_date__isnull=False)
    return columns_of(
        risks.exclude(state=Risk.State.CLOSED),
        kind=Value(Kind.MITIGATION.value),
        words=F("title"),
        due=F("mitigation_due_date"),
    )


def _shut_offs() -> Rows:
    """Routes that are to be shut off and are open."""
    routes = WorkRoute.objects.filter(ASKED, deleted_at=None, shut_date=None)
    return columns_of(
        routes.filter(shut_off_date__isnull=False),
        kind=Value(Kind.SHUT_OFF.value),
        words=F("name"),
        due=F("shut_off_date"),
        theirs=Case(
            When(owner_at_customer__isnull=False, then=THEIRS),
            default=_is_on_their_side("owner_id"),
        ),
    )


def _criteria() -> Rows:
    """Newest wordings, those that wait to be agreed told from the others."""
    newest = CriterionVersion.objects.filter(criterion=OuterRef("pk")).order_by("-number")
    criteria = SuccessCriterion.objects.filter(ASKED, withdrawn_at=None)
    return columns_of(
        criteria.annotate(agreed=Subquery(newest.values("agreed_date")[:1])),
        kind=Case(When(agreed=None, then=Value(Kind.AGREE_CRITERION.value)), default=Value(AGREED)),
        words=Subquery(newest.values("statement")[:1]),
        due=Value(None),
        theirs=THEIRS,
    )


def _facts(row: Engagement, *, has_criteria: bool) -> Facts:
    phase = Phase(row.phase)
    return Facts(
        selling=phase is Phase.SELL,
        signed_off=phase.position >= Phase.SIGNED_OFF.position,
        has_lead=row.lead_id is not None,
        has_criteria=has_criteria,
        has_go_live=row.go_live_date is not None,
        has_sign_off=row.sign_off_date is not None,
    )


# Apps above add theirs when the project starts. A source is put into SQL once, so it asks the
# database what time it is.
SOURCES: list[Callable[[], Rows]] = [
    _tasks,
    _concerns,
    _questions,
    _mitigations,
    _shut_offs,
    _criteria,
]
