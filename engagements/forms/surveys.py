"""What people fill in to make a survey, and the survey itself as those who are asked see it."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput
from engagements.models import (
    Engagement,
    ImpactGroup,
    RosterEntry,
    Stakeholder,
    Survey,
    SurveyQuestion,
    TeamMember,
)
from engagements.models.surveys import KINDS
from engagements.operations import Asked, Given
from engagements.surveys import NO, YES, Instrument, Kind
from rendering.editing import SharedForm

MOST_PASTED = 2000


class SurveyForm(SharedForm[Survey]):
    """Of an open survey only what those who were asked have not read."""

    class Meta:
        model = Survey
        fields = ["title", "moment", "closes_date", "intro", "anonymous", "shared"]
        widgets = {"closes_date": DateInput(), "intro": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, instrument: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if instrument == Instrument.TEAM:
            del self.fields["shared"]
        if not (self.instance._state.adding or self.instance.is_draft):
            for name in ("title", "moment", "intro", "anonymous"):
                del self.fields[name]


class LinesField(forms.CharField):
    """Several short texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def to_python(self, value: Any) -> Any:
        lines = (line.strip() for line in (value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        if any(len(line) > 120 for line in value):
            raise ValidationError(_("Keep each choice to 120 characters."))

    def run_validators(self, value: Any) -> None:
        """There are none for a list."""


class QuestionForm(SharedForm[SurveyQuestion]):
    """A question of one's own; of an instrument's question only its words."""

    class Meta:
        model = SurveyQuestion
        fields = ["text", "kind", "choices", "low", "high", "low_label", "high_label", "required"]

    choices = LinesField(
        label=_("Choices"),
        required=False,
        help_text=_("One a line, for “one of several” and “any of several”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("low", "high"):
            self.fields[name].required = False
        kind: Any = self.fields["kind"]
        kind.choices = KINDS
        self.fields["low_label"].help_text = _("Only for a scale, such as “very hard”.")
        if self.instance.is_standard:
            for name in ("kind", "choices", "low", "high", "low_label", "high_label"):
                del self.fields[name]

    def clean_low(self) -> int:
        return self._end("low", 1)

    def clean_high(self) -> int:
        return self._end("high", 5)

    def _end(self, name: str, usual: int) -> int:
        found: int | None = self.cleaned_data[name]
        return usual if found is None else found


class RecipientsForm(forms.Form):
    """Who is to be asked: whole impact groups, people we know, and addresses as they are."""

    groups = forms.MultipleChoiceField(
        label=_("People on the roster"), required=False, widget=forms.CheckboxSelectMultiple
    )
    stakeholders = forms.MultipleChoiceField(
        label=_("Stakeholders"), required=False, widget=forms.CheckboxSelectMultiple
    )
    team = forms.MultipleChoiceField(
        label=_("The team"), required=False, widget=forms.CheckboxSelectMultiple
    )
    addresses = LinesField(
        label=_("Other addresses"),
        required=False,
        help_text=_("One a line, or separated by commas."),
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._roster = list(
            RosterEntry.objects.filter(engagement=engagement).select_related(
                "end_user", "impact_group"
            )
        )
        self._stakeholders = {
            str(person.pk): person
            for person in Stakeholder.objects.filter(customer_id=engagement.customer_id)
        }
        self._team = {
            str(member.pk): member
            for member in TeamMember.objects.filter(engagement=engagement).select_related("user")
        }
        self._groups = {
            str(group.pk): group for group in ImpactGroup.objects.filter(engagement=engagement)
        }
        self._offer("groups", self._group_choices())
        self._offer("stakeholders", _choices(self._stakeholders, lambda row: row.email))
        self._offer("team", _choices(self._team, _address_of_member))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        if not choices:
            del self.fields[name]

    def _group_choices(self) -> list[tuple[str, str]]:
        found = []
        for pk, group in (*self._groups.items(), ("", None)):
            people = [e for e in self._roster if e.impact_group == group]
            if people:
                reachable = sum(bool(e.end_user.email) for e in people)
                name = group.name if group else _("Without a group")
                found.append((pk or "none", _("%(name)s: %(n)s of %(all)s have an address") % {
                    "name": name, "n": reachable, "all": len(people),
                }))  # fmt: skip
        return found

    @property
    def people(self) -> list[Asked]:
        """Everybody who was chosen, whether there is an address or not."""
        chosen = self.cleaned_data
        groups = {self._groups.get(pk) for pk in chosen.get("groups", ())}
        return [
            *(_asked(entry) for entry in self._roster if entry.impact_group in groups),
            *(
                Asked(person.email, person.name, stakeholder=person)
                for pk in chosen.get("stakeholders", ())
                if (person := self._stakeholders[pk])
            ),
            *(
                Asked(_address_of_member(member), member.name, team_member=member)
                for pk in chosen.get("team", ())
                if (member := self._team[pk])
            ),
            *(Asked(text) for text in chosen["addresses"]),
        ]

    def clean_addresses(self) -> list[str]:
        parts = (part for line in self.cleaned_data["addresses"] for part in line.split(","))
        found = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
        if len(found) > MOST_PASTED:
            raise ValidationError(_("That are too many at once; take 2,000 at most."))
        for address in found:
            forms.EmailField().clean(address)
        return found


def _choices(rows: dict[str, Any], address: Any) -> list[tuple[str, str]]:
    without = _("%(name)s, no address")
    return [
        (pk, str(row) if address(row) else str(without) % {"name": row}) for pk, row in rows.items()
    ]


def _address_of_member(member: TeamMember) -> str:
    return member.user.email if member.user else ""


def _asked(entry: RosterEntry) -> Asked:
    return Asked(
        entry.end_user.email,
        entry.end_user.name,
        impact_group=entry.impact_group,
        roster_entry=entry,
    )


class AnswerForm(forms.Form):
    """The questions of a survey, as those who are asked see them."""

    def __init__(self, *args: Any, questions: list[SurveyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {f"q{number}": question for number, question in enumerate(questions, 1)}
        for name, question in self.asked.items():
            self.fields[name] = answer_field(question)

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asked]

    @property
    def given(self) -> dict[UUID, Given]:
        """What was answered, by question."""
        return {
            question.pk: _given(question, self.cleaned_data.get(name))
            for name, question in self.asked.items()
        }

    def refuse(self, error: ValidationError) -> None:
        """Put the faults an operation found beside their questions and fields."""
        places = {str(question.pk): name for name, question in self.asked.items()}
        for name, messages in error.message_dict.items():
            self.add_error(places.get(name, name if name in self.fields else None), messages)


def answer_field(question: SurveyQuestion) -> Any:
    """The field for one question; it knows its question, for the ends of a scale."""
    common: dict[str, Any] = {"label": question.text, "required": question.required}
    common["error_messages"] = {"required": _("Please answer this question.")}
    field: Any
    if question.kind == Kind.TEXT:
        widget = forms.Textarea(attrs={"rows": 4})
        field = forms.CharField(max_length=4000, widget=widget, **common)
    elif question.kind == Kind.SEVERAL:
        offered = [(choice, choice) for choice in question.choices]
        several = forms.CheckboxSelectMultiple()
        field = forms.MultipleChoiceField(choices=offered, widget=several, **common)
    else:
        field = forms.ChoiceField(choices=_offered(question), widget=forms.RadioSelect(), **common)
    field.question = question
    return field


def _offered(question: SurveyQuestion) -> list[tuple[str, Any]]:
    if question.kind == Kind.YES_NO:
        return [(str(YES), _("Yes")), (str(NO), _("No"))]
    if question.kind == Kind.SCALE:
        return [(str(n), str(n)) for n in range(question.low, question.high + 1)]
    return [(choice, choice) for choice in question.choices]


def _given(question: SurveyQuestion, value: Any) -> Given:
    if not value:
        return Given()
    if question.kind == Kind.TEXT:
        return Given(text=value)
    if question.kind == Kind.SEVERAL:
        return Given(choices=tuple(value))
    if question.kind == Kind.SINGLE:
        return Given(choices=(value,))
    return Given(number=int(value))


class InterviewForm(AnswerForm):
    """The same questions, with whom they were put to, when, and what else was said."""

    interviewee = forms.CharField(label=_("Who was asked"), max_length=200)
    day = forms.DateField(label=_("Day"), widget=DateInput())
    impact_group = forms.ModelChoiceField(
        label=_("Impact group"),
        queryset=ImpactGroup.objects.none(),
        required=False,
        empty_label="–",
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=10000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was said beyond the questions. Only your own side reads it."),
    )

    def __init__(self, *args: Any, engagement: Engagement, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        groups: Any = self.fields["impact_group"]
        groups.queryset = ImpactGroup.objects.filter(engagement=engagement)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > self._today:
            raise ValidationError(_("This day is still to come."))
        return day

    @property
    def about(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("interviewee", "day", "notes")}

    @property
    def about_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("interviewee", "day", "impact_group")]
