"""Changes to tests and to what people reached in them; what a result replaces is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption.models import Assessment, AssessmentResult, ResultWay, Stage
from engagements.models import EndUser, Engagement, ImpactGroup
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from tenancy import audit

ASSESSMENT_FIELDS = frozenset({"name", "kind", "impact_group", "highest", "minimum", "package_uid"})
EARLIEST = date(2000, 1, 1)
ROWS_AT_ONCE = 1000
# Whose result it is: ("person" or "group", id), and when it was taken.
Key = tuple[str, UUID | None, str]


@dataclass(frozen=True, slots=True)
class NewScore:
    """A result on its way in: of a person in a group, or of `people` people of a group."""

    stage: str
    score: Decimal
    day: date
    end_user: EndUser | None = None
    group: ImpactGroup | None = None
    people: int | None = None

    @property
    def key(self) -> Key:
        if self.end_user is not None:
            return "person", self.end_user.pk, self.stage
        return "group", self.group.pk if self.group else None, self.stage


@dataclass(frozen=True, slots=True)
class ScoresTaken:
    """What became of results: new ones, those that replaced another, those that said the same."""

    new: int
    replaced: int
    same: int


@transaction.atomic
def add_assessment(*, engagement: Engagement, fields: Mapping[str, Any]) -> Assessment:
    """Raises ValidationError, keyed by field."""
    row = Assessment(
        customer_id=engagement.customer_id,
        engagement=engagement,
        **known(fields, ASSESSMENT_FIELDS),
    )
    _refuse_anothers_group(row)
    save(row, named_by="name")
    _record("assessment.added", row)
    return row


@transaction.atomic
def change_assessment(*, assessment: Assessment, fields: Mapping[str, Any]) -> Assessment:
    """Raises ValidationError, keyed by field; scores that are there stay possible."""
    wanted = known(fields, ASSESSMENT_FIELDS)
    _refuse_below_scores(assessment, wanted.get("highest", assessment.highest))
    changed = change(assessment, wanted, named_by="name")
    _refuse_anothers_group(assessment)
    if changed:
        _record("assessment.changed", assessment, changed)
    return assessment


def _refuse_anothers_group(row: Assessment) -> None:
    group = row.impact_group
    if group is not None and group.engagement_id != row.engagement_id:
        raise ValidationError({"impact_group": _("This group belongs to another engagement.")})


def _refuse_below_scores(row: Assessment, highest: Any) -> None:
    if row.results.filter(replaced_at=None, score__gt=highest).exists():
        raise ValidationError({"highest": _("Somebody has a higher score than this already.")})


@transaction.atomic
def record_scores(
    *,
    assessment: Assessment,
    items: Iterable[NewScore],
    by: User | None,
    now: datetime,
    today: date,
    way: ResultWay = ResultWay.HAND,
) -> ScoresTaken:
    """Results of a test, all or none; one that is there already for the same person or group and
    stage is kept as replaced. Of two in `items` the last counts. Raises ValidationError.
    """
    wanted = {item.key: item for item in items}
    for item in wanted.values():
        refuse_impossible(assessment, item, today)
    # Two at once on one test: the second sees what the first wrote.
    Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    before = standing_results(assessment, wanted.values())
    fresh = [item for key, item in wanted.items() if not says_the_same(before.get(key), item)]
    old = [before[item.key].pk for item in fresh if item.key in before]
    AssessmentResult.objects.filter(pk__in=old).update(replaced_at=now)
    AssessmentResult.objects.bulk_create(
        (_row(assessment, item, by, now, way) for item in fresh), batch_size=ROWS_AT_ONCE
    )
    taken = ScoresTaken(len(fresh) - len(old), len(old), len(wanted) - len(fresh))
    if fresh:
        _tell(assessment, fresh, taken, by, way)
    return taken


def standing_results(
    assessment: Assessment, items: Iterable[NewScore]
) -> dict[Key, AssessmentResult]:
    """The results that count now of those whom new ones are about."""
    keys = [item.key for item in items]
    persons = [pk for kind, pk, _stage in keys if kind == "person"]
    groups = [pk for kind, pk, _stage in keys if kind == "group"]
    rows = AssessmentResult.objects.filter(
        Q(end_user_id__in=persons) | Q(end_user=None, impact_group_id__in=groups),
        assessment=assessment,
        replaced_at=None,
    )
    return {_key(row): row for row in rows}


def _key(row: AssessmentResult) -> Key:
    if row.end_user_id is not None:
        return "person", row.end_user_id, row.stage
    return "group", row.impact_group_id, row.stage


def says_the_same(row: AssessmentResult | None, item: NewScore) -> bool:
    """Whether a result that counts says already what a new one would."""
    said = None if row is None else (row.score, row.day, row.people, row.impact_group_id)
    return said == (item.score, item.day, item.people, item.group and item.group.pk)


def _row(
    assessment: Assessment, item: NewScore, by: User | None, now: datetime, way: ResultWay
) -> AssessmentResult:
    return AssessmentResult(
        customer_id=assessment.customer_id,
        assessment=assessment,
        impact_group=item.group,
        end_user=item.end_user,
        people=item.people,
        stage=item.stage,
        score=item.score,
        day=item.day,
        way=way,
        recorded_by=by,
        recorded_at=now,
    )


def refuse_impossible(assessment: Assessment, item: NewScore, today: date) -> None:
    """Raises ValidationError, keyed by field, for a result that cannot be right."""
    faults = {
        "score": _fault_of_score(assessment, item),
        "day": _fault_of_day(item.day, today),
        "people": _fault_of_people(item),
        "impact_group": _fault_of_group(assessment, item),
    }
    if found := {name: words for name, words in faults.items() if words}:
        raise ValidationError(found)


def _fault_of_score(assessment: Assessment, item: NewScore) -> str:
    if item.score.is_finite() and 0 <= item.score <= assessment.highest:
        return ""
    words = _("A score of this test lies between 0 and %(highest)s.")
    return words % {"highest": f"{Decimal(assessment.highest).normalize():f}"}


def _fault_of_day(day: date, today: date) -> str:
    if day > today:
        return _("This day is still to come.")
    return "" if day >= EARLIEST else _("This day lies too far back to be meant.")


def _fault_of_people(item: NewScore) -> str:
    if item.end_user is not None:
        return _("A person’s score counts for one.") if item.people is not None else ""
    return "" if item.people else _("Say of how many people the score is the mean.")


def _fault_of_group(assessment: Assessment, item: NewScore) -> str:
    group, only = item.group, assessment.impact_group
    if group is None and item.end_user is None:
        return _("Name a person, or a group.")
    if group is not None and group.engagement_id != assessment.engagement_id:
        return _("This group belongs to another engagement.")
    if only is not None and group != only:
        return _("This test is for %(group)s alone.") % {"group": only.name}
    return ""


def _tell(
    assessment: Assessment,
    fresh: Sequence[NewScore],
    taken: ScoresTaken,
    by: User | None,
    way: ResultWay,
) -> None:
    facts = {"new": taken.new, "replaced": taken.replaced, "way": str(way)}
    _record("assessment.scored", assessment, facts)
    stages = [stage for stage in Stage if any(item.stage == stage for item in fresh)]
    words = ngettext(
        "%(test)s: one result recorded (%(stages)s).",
        "%(test)s: %(n)s results recorded (%(stages)s).",
        len(fresh),
    )
    said = ", ".join(str(stage.label) for stage in stages)
    put_on_timeline(
        engagement=assessment.engagement,
        kind="assessment.scored",
        text=words % {"test": assessment.name, "n": len(fresh), "stages": said},
        url=inside("adoption:assessments", assessment.engagement_id),
        by=by,
        on=max(item.day for item in fresh),
        shared=True,
    )


def _record(action: str, row: Assessment, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(
        action=action, subject=row, facts=dict(facts or {}), about_customer_id=row.customer_id
    )
