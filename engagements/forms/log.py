"""What people fill in about talks, notes and questions."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput
from engagements.models import (
    Engagement,
    ExpertAnswer,
    ExpertQuestion,
    Interaction,
    Note,
    Stakeholder,
)
from engagements.models.people import ROLES
from engagements.operations.interactions import participants_of
from people.models import User
from people.queries import get_staff
from rendering.editing import SharedForm
from tenancy.scope import Realm, current_scope, current_tenant_id

NOTE = "note"
PERSON_KEY = re.compile(r"(?:user|stakeholder):[0-9a-f-]{36}")
MENTION_HINT = _("Write @first.last to tell somebody.")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PeopleField(forms.MultipleChoiceField):
    """Several of our people and the customer's; cleans to those rows."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, required=False)
        self._people: dict[str, User | Stakeholder] = {}

    def offer(self, customer_id: UUID) -> None:
        theirs = list(Stakeholder.objects.filter(customer_id=customer_id))
        ours = get_staff(tenant_id=current_tenant_id())
        people: list[User | Stakeholder] = [*theirs, *ours]
        self._people = {self.key(person): person for person in people}
        self.choices = [(key, str(person)) for key, person in self._people.items()]

    @staticmethod
    def key(person: User | Stakeholder) -> str:
        return f"{person._meta.model_name}:{person.pk}"

    def to_python(self, value: Any) -> list[str]:
        # As a text it comes back from the values that a form was opened with.
        found = PERSON_KEY.findall(value) if isinstance(value, str) else value
        return super().to_python(found)

    def clean(self, value: Any) -> Any:
        return [self._people[key] for key in super().clean(value)]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [one if isinstance(one, str) else self.key(one) for one in value]
        return value


class QuickForm(forms.Form):
    """One box and a kind: what a CSM fills in while talking."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(NOTE, _("Note")), *Interaction.Kind.choices],
        initial=NOTE,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What was said or happened"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "The first line becomes the headline. @first.last tells somebody, Ctrl + Enter saves."
        ),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_due = forms.DateField(label=_("Due"), required=False, widget=DateInput())
    shared = forms.BooleanField(label=_("The customer’s side may read it"), required=False)

    @property
    def is_note(self) -> bool:
        return str(self.cleaned_data["kind"]) == NOTE

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if self.cleaned_data.get("kind") == NOTE and len(text) > 4000:
            raise forms.ValidationError(_("A note has at most 4,000 characters."))
        return text

    @property
    def parts(self) -> tuple[str, str]:
        """The headline and what is below it; a first line that is too long is cut in two."""
        first, _end, rest = self.cleaned_data["text"].strip().partition("\n")
        if len(first) <= 300:
            return first.strip(), rest.strip()
        return f"{first[:299].rstrip()}…", self.cleaned_data["text"].strip()


class NoteForm(SharedForm[Note]):
    # In its boxes people are offered after an at sign.
    may_mention = True

    class Meta:
        model = Note
        fields = ["text", "pinned", "shared"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"text": MENTION_HINT}


class InteractionForm(SharedForm[Interaction]):
    may_mention = True

    class Meta:
        model = Interaction
        fields = [
            "kind",
            "happened_at",
            "summary",
            "notes",
            "minutes",
            "sentiment",
            "features",
            "shared",
        ]
        widgets = {"notes": forms.Textarea(attrs={"rows": 6}), "happened_at": MomentInput()}
        help_texts = {"notes": MENTION_HINT}

    people = PeopleField(label=_("Who took part"))
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=200,
        required=False,
        help_text=_("Becomes a task of yours."),
    )
    next_due = forms.DateField(label=_("Due"), required=False, widget=DateInput())
    field_order = ["kind", "happened_at", "summary", "notes", "people"]

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.offer(engagement.customer_id)
        mood: Any = self.fields["sentiment"]
        mood.choices = [("", "–"), *Interaction.Sentiment.choices]
        if not self.instance._state.adding:
            people.initial = participants_of(self.instance)
            del self.fields["next_step"], self.fields["next_due"]


def experts() -> Any:
    """Everybody on our side, those who only read included."""
    return User.objects.filter(
        memberships__tenant_id=current_tenant_id(), memberships__customer_id=None
    ).order_by("name", "email")


class QuestionForm(SharedForm[ExpertQuestion]):
    may_mention = True

    class Meta:
        model = ExpertQuestion
        fields = ["text", "expert", "expert_role", "due_date", "shared"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "due_date": DateInput()}
        help_texts = {"text": MENTION_HINT, "expert_role": _("Whoever has this part in the team.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expert: Any = self.fields["expert"]
        expert.queryset, expert.empty_label = experts(), "–"
        role: Any = self.fields["expert_role"]
        role.choices = [("", "–"), *ROLES]
        if current_scope().realm is Realm.CUSTOMER:
            # What they ask is always shared with them.
            del self.fields["shared"]


class AnswerForm(forms.ModelForm[ExpertAnswer]):
    class Meta:
        model = ExpertAnswer
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"text": MENTION_HINT}
