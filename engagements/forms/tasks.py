"""What people fill in about tasks."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput, OwnerField, owner_fields
from engagements.forms.log import MomentInput
from engagements.models import Customer, Engagement, Stakeholder, Task
from people.models import User
from rendering.editing import SharedForm
from tenancy.scope import Realm, current_scope

# More than anybody chooses from a list; the others are reached from their own pages.
MOST_CUSTOMERS = 500


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class TaskOwnerField(OwnerField):
    """Whoever signs in and may see the task, and the stakeholders of its customer."""

    def offer(self, customer_id: UUID | None) -> None:
        scope = current_scope()
        staff = Q(memberships__customer_id=None)
        of_customer = Q(memberships__customer_id=customer_id) if customer_id else Q(pk=None)
        both = User.objects.filter(staff | of_customer, memberships__tenant_id=scope.tenant_id)
        people = list(both.distinct().order_by("name", "email"))
        theirs = list(Stakeholder.objects.filter(customer_id=customer_id)) if customer_id else []
        self._people = {self._key(person): person for person in (*people, *theirs)}
        groups: list[tuple[Any, list[Any]]] = [
            (_("Sign in here"), people),
            (_("At the customer"), theirs),
        ]
        listed = [(name, [(self._key(p), str(p)) for p in found]) for name, found in groups]
        self.choices = [("", "–"), *(group for group in listed if group[1])]


class AboutField(forms.ChoiceField):
    """A customer or one of its engagements, in one list; cleans to that row or to None."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, required=False)
        self._rows: dict[str, Customer | Engagement] = {}

    def offer(self) -> None:
        customers = list(Customer.objects.current().order_by("name")[:MOST_CUSTOMERS])
        engagements: dict[UUID, list[Engagement]] = {}
        for row in Engagement.objects.filter(customer__in=customers).order_by("key"):
            engagements.setdefault(row.customer_id, []).append(row)
        self._rows = {}
        listed: list[Any] = [("", "–")]
        for customer in customers:
            found: list[Customer | Engagement] = [customer, *engagements.get(customer.pk, ())]
            self._rows |= {self.key(row): row for row in found}
            listed.append((customer.name, [(self.key(row), str(row)) for row in found]))
        self.choices = listed

    @staticmethod
    def key(row: Customer | Engagement) -> str:
        return f"{row._meta.model_name}:{row.pk}"

    def clean(self, value: Any) -> Any:
        return self._rows.get(super().clean(value))


def about_fields(row: Customer | Engagement | None) -> dict[str, Any]:
    """The two columns that say what a task is about."""
    if isinstance(row, Engagement):
        return {"engagement": row, "customer": row.customer}
    return {"engagement": None, "customer": row}


class QuickTaskForm(forms.Form):
    """One line: what, by when, about whom. It is for whoever writes it."""

    title = forms.CharField(label=_("Task"), max_length=200)
    due_date = forms.DateField(label=_("Due"), required=False, widget=DateInput())
    about = AboutField(label=_("Customer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about: Any = self.fields["about"]
        about.offer()

    @property
    def model_fields(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "title": cleaned["title"],
            "due_date": cleaned["due_date"],
            **about_fields(cleaned["about"]),
        }


class TaskForm(SharedForm[Task]):
    class Meta:
        model = Task
        fields = ["title", "due_date", "due_time", "remind_at", "priority", "notes", "shared"]
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 4}),
            "due_date": DateInput(),
            "due_time": TimeInput(),
            "remind_at": MomentInput(),
        }
        labels = {"due_time": _("At what time")}

    about = AboutField(label=_("About"))
    person = TaskOwnerField(label=_("Who does it"))
    field_order = ["title", "person", "about", "due_date", "due_time", "remind_at", "priority"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        about: Any = self.fields["about"]
        scope = current_scope()
        person.offer(scope.customer_id or self.instance.customer_id)
        person.initial = OwnerField.named(self.instance.owner, self.instance.owner_at_customer)
        about.offer()
        row = self.instance.engagement or self.instance.customer
        about.initial = AboutField.key(row) if row else ""
        if scope.realm is Realm.CUSTOMER:
            del self.fields["shared"]

    @property
    def model_fields(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return (
            super().model_fields | about_fields(cleaned["about"]) | owner_fields(cleaned["person"])
        )


class SnoozeForm(forms.Form):
    until = forms.DateField(required=False)
