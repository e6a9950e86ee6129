"""The timeline over the API: entries to read; notes, talks and questions to write."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations, queries
from engagements.api.gate import of_same_customer
from engagements.models import (
    ExpertAnswer,
    ExpertQuestion,
    Interaction,
    InteractionPerson,
    Note,
    TimelineEntry,
)
from engagements.operations.interactions import participants_of
from engagements.serializers.log import (
    AnswerSerializer,
    ExpertQuestionSerializer,
    InteractionSerializer,
    NoteSerializer,
    TimelineEntrySerializer,
)
from people.models import User
from tenancy.rest.filters import ChangedSince, Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed


def refuse_others(row: Any, by: User | None) -> None:
    """A person changes what they wrote; a key changes whatever it may."""
    if by is not None and row.by_id != by.pk:
        raise PermissionDenied(_("Only whoever wrote this can change it."))


class EntryFilters(Filters):
    class Meta:
        model = TimelineEntry
        fields = ["engagement", "customer", "kind", "shared"]


class TimelineEntryViewSet(Listed):
    """What happened in engagements, in the order it was written down."""

    one, many = _("an entry of a timeline"), _("entries of timelines")
    permission_classes = [allows(area="customers", read="see_engagement", write="write_log")]
    serializer_class = TimelineEntrySerializer
    lookup_url_kwarg = "timeline_entry_id"
    filterset_class = EntryFilters
    queryset = TimelineEntry.objects.none()

    def get_queryset(self) -> QuerySet[TimelineEntry]:
        return TimelineEntry.objects.select_related("by")


class NoteFilters(ChangedSince):
    by = CharFilter(field_name="by__email")

    class Meta:
        model = Note
        fields = ["engagement", "customer", "pinned", "shared"]


class NoteViewSet(Listed, Made, Changed, Removed):
    """Notes on engagements. Members are mentioned as `@first.last` and told."""

    one, many = _("a note"), _("notes")
    permission_classes = [allows(area="customers", read="see_engagement", write="write_log")]
    serializer_class = NoteSerializer
    lookup_url_kwarg = "note_id"
    filterset_class = NoteFilters
    fixed = frozenset({"engagement"})
    queryset = Note.objects.none()

    def get_queryset(self) -> QuerySet[Note]:
        return queries.get_notes()

    def make(self, fields: dict[str, Any]) -> Note:
        engagement = fields.pop("engagement")
        return operations.write_note(engagement=engagement, fields=fields, by=self.by)

    def change(self, row: Note, fields: dict[str, Any]) -> None:
        refuse_others(row, self.by)
        operations.change_note(note=row, fields=fields, by=self.by)

    def remove(self, row: Note) -> None:
        refuse_others(row, self.by)
        operations.delete_note(note=row, now=timezone.now())


class InteractionFilters(ChangedSince):
    by = CharFilter(field_name="by__email")

    class Meta:
        model = Interaction
        fields = ["engagement", "customer", "kind", "sentiment", "shared"]


class InteractionViewSet(Listed, Made, Changed, Removed):
    """Talks with customers and messages, with everybody who took part."""

    one, many = _("an interaction"), _("interactions")
    permission_classes = [allows(area="customers", read="see_engagement", write="write_log")]
    serializer_class = InteractionSerializer
    lookup_url_kwarg = "interaction_id"
    filterset_class = InteractionFilters
    fixed = frozenset({"engagement"})
    queryset = Interaction.objects.none()

    def get_queryset(self) -> QuerySet[Interaction]:
        seats = InteractionPerson.objects.select_related("user", "stakeholder")
        return queries.get_interactions().prefetch_related(Prefetch("participants", seats))

    def make(self, fields: dict[str, Any]) -> Interaction:
        engagement = fields.pop("engagement")
        _refuse_strangers(engagement.customer_id, fields)
        people = [*fields.pop("staff", ()), *fields.pop("stakeholders", ())]
        return operations.record_interaction(
            engagement=engagement, fields=fields, people=people, by=self.by
        )

    def change(self, row: Interaction, fields: dict[str, Any]) -> None:
        refuse_others(row, self.by)
        _refuse_strangers(row.customer_id, fields)
        people = _people_after(row, fields)
        operations.change_interaction(interaction=row, fields=fields, people=people, by=self.by)

    def remove(self, row: Interaction) -> None:
        refuse_others(row, self.by)
        operations.delete_interaction(interaction=row, now=timezone.now())


def _refuse_strangers(customer_id: UUID, fields: dict[str, Any]) -> None:
    for person in fields.get("stakeholders", ()):
        of_same_customer(customer_id, {"stakeholders": person}, "stakeholders")


def _people_after(row: Interaction, fields: dict[str, Any]) -> list[Any] | None:
    """Who took part once the sent side replaced its own; None when neither was sent."""
    if not {"staff", "stakeholders"} & fields.keys():
        return None
    before = participants_of(row)
    ours = [person for person in before if isinstance(person, User)]
    theirs = [person for person in before if not isinstance(person, User)]
    return [*fields.pop("staff", ours), *fields.pop("stakeholders", theirs)]


class QuestionFilters(ChangedSince):
    expert = CharFilter(field_name="expert__email")
    by = CharFilter(field_name="by__email")

    class Meta:
        model = ExpertQuestion
        fields = ["engagement", "customer", "state", "shared"]


class ExpertQuestionViewSet(Listed, Made, Changed):
    """Questions put to somebody who knows, with their answers."""

    one, many = _("a question"), _("questions")
    permission_classes = [allows(area="customers", read="ask_experts", write="ask_experts")]
    serializer_class = ExpertQuestionSerializer
    lookup_url_kwarg = "question_id"
    filterset_class = QuestionFilters
    fixed = frozenset({"engagement"})
    queryset = ExpertQuestion.objects.none()

    def get_queryset(self) -> QuerySet[ExpertQuestion]:
        answers = ExpertAnswer.objects.select_related("by")
        return queries.get_questions().prefetch_related(Prefetch("answers", answers))

    def make(self, fields: dict[str, Any]) -> ExpertQuestion:
        engagement = fields.pop("engagement")
        return operations.ask_question(engagement=engagement, fields=fields, by=self.by)

    def change(self, row: ExpertQuestion, fields: dict[str, Any]) -> None:
        refuse_others(row, self.by)
        operations.change_question(question=row, fields=fields, by=self.by)

    @extend_schema(
        request=AnswerSerializer,
        responses=ExpertQuestionSerializer,
        summary=_("Answer a question"),
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        fields = self.checked(AnswerSerializer)
        operations.answer_question(question=row, text=fields["text"], by=self.by)
        return Response(self.shown(row.pk))

    @extend_schema(request=None, responses=ExpertQuestionSerializer, summary=_("Close a question"))
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        if not self.allows("write_log"):
            refuse_others(row, self.by)
        operations.close_question(question=row)
        return Response(self.shown(row.pk))


router_entries = [
    ("timeline-entries", TimelineEntryViewSet, "timeline-entry"),
    ("notes", NoteViewSet, "note"),
    ("interactions", InteractionViewSet, "interaction"),
    ("questions", ExpertQuestionViewSet, "question"),
]
