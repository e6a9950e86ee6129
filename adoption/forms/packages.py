"""What people fill in about work packages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from adoption.models import WorkPackage
from adoption.queries.choices import choices_of
from adoption.queries.packages import PackageView
from engagements.models import Engagement, ImpactGroup, Stakeholder
from people.models import User
from people.queries import get_staff
from rendering.editing import SharedForm
from tenancy.scope import current_tenant_id

RULES = [
    ("ASAP", _("As soon as possible")),
    ("ALAP", _("As late as possible")),
    ("SNET", _("Not to begin before")),
    ("SNLT", _("To begin no later than")),
    ("FNET", _("Not to be finished before")),
    ("FNLT", _("To be finished by")),
    ("MSO", _("To begin on")),
    ("MFO", _("To be finished on")),
]
LINK_WORDS = [
    ("FS", _("begins when it is finished")),
    ("SS", _("begins when it begins")),
    ("FF", _("is finished when it is finished")),
    ("SF", _("is finished when it begins")),
]
UNDATED = frozenset({"ASAP", "ALAP"})
LIKE_5D = _("Like 5d, 3h or 2w; 1ed for a day by the clock.")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def owner_fields(key: str, customer_id: UUID) -> dict[str, Any]:
    """The columns that hold an owner, from the key a form sent; nobody when it names nobody."""
    kind, _colon, pk = key.partition(":")
    fields: dict[str, Any] = {"owner": "", "owner_member": None, "owner_stakeholder": None}
    if kind == "stakeholder":
        rows = Stakeholder.objects.filter(customer_id=customer_id)
        fields["owner_stakeholder"] = next((row for row in rows if str(row.pk) == pk), None)
    elif kind == "user":
        staff: list[User] = get_staff(tenant_id=current_tenant_id())
        fields["owner_member"] = next((one for one in staff if str(one.pk) == pk), None)
    return fields


def owner_by_name(name: str, engagement: Engagement) -> dict[str, Any]:
    """The columns for a name somebody typed: a person when one is called that, else the name."""
    wanted = " ".join(name.split())
    for _group, people in choices_of(engagement)["owner_choices"]:
        for key, known in people:
            if known.casefold() == wanted.casefold():
                return owner_fields(key, engagement.customer_id)
    return {"owner": wanted[:500], "owner_member": None, "owner_stakeholder": None}


def owner_key(package: WorkPackage) -> str:
    if package.owner_stakeholder_id:
        return f"stakeholder:{package.owner_stakeholder_id}"
    return f"user:{package.owner_member_id}" if package.owner_member_id else ""


class PackageForm(SharedForm[WorkPackage]):
    """All that can be said of a package. Durations are typed as in the outline."""

    class Meta:
        model = WorkPackage
        fields = [
            "name",
            "deliverable",
            "acceptance_test",
            "role",
            "impact_group",
            "kind",
            "constraint",
            "budget",
            "cost",
            "priority",
            "notes",
        ]
        widgets = {
            "acceptance_test": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    person = forms.ChoiceField(label=_("Owner"), required=False)
    owner_text = forms.CharField(
        label=_("Owner by name"),
        max_length=500,
        required=False,
        help_text=_("For somebody who is in neither list."),
    )
    duration = forms.CharField(label=_("Duration"), max_length=20, help_text=LIKE_5D)
    optimistic = forms.CharField(label=_("At best"), max_length=20, required=False)
    pessimistic = forms.CharField(label=_("At worst"), max_length=20, required=False)
    constraint_day = forms.DateField(label=_("On this day"), required=False, widget=DayInput())
    deadline_day = forms.DateField(
        label=_("Deadline"),
        required=False,
        widget=DayInput(),
        help_text=_("Moves nothing; the plan says when it is missed."),
    )

    def __init__(self, *args: Any, shown: PackageView, customer_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._customer_id = customer_id
        row = shown.package
        self._offer(row)
        self.initial = dict(self.initial) | {
            "person": owner_key(row),
            "owner_text": row.owner,
            "duration": shown.duration,
            "optimistic": shown.optimistic,
            "pessimistic": shown.pessimistic,
            "constraint_day": row.constraint_at and row.constraint_at.date(),
            "deadline_day": _last_day(row.deadline_at),
        }
        if row.is_summary:
            for name in ("duration", "optimistic", "pessimistic", "priority"):
                del self.fields[name]

    def _offer(self, row: WorkPackage) -> None:
        people: Any = self.fields["person"]
        groups = [group for group in choices_of(row.plan.engagement)["owner_choices"] if group[1]]
        people.choices = [("", _("Nobody")), *groups]
        rules: Any = self.fields["constraint"]
        rules.label, rules.choices = _("Rule for its dates"), RULES
        group: Any = self.fields["impact_group"]
        group.label, group.empty_label = _("Impact group"), "–"
        group.queryset = ImpactGroup.objects.filter(engagement=row.plan.engagement_id)
        for name in ("role", "kind"):
            chosen: Any = self.fields[name]
            chosen.choices = [("", "–"), *(pair for pair in chosen.choices if pair[0])]
        self.fields["notes"].label = _("Notes")
        self.fields["name"].label = _("Step")

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page groups them."""
        groups = [
            (_("What it yields"), ("name", "deliverable", "acceptance_test", "notes")),
            (_("Who"), ("person", "owner_text", "role", "impact_group", "kind")),
            (
                _("When"),
                ("duration", "optimistic", "pessimistic", "constraint", "constraint_day")
                + ("deadline_day", "priority"),
            ),
            (_("Money"), ("budget", "cost")),
        ]
        return [
            (words, [self[name] for name in names if name in self.fields])
            for words, names in groups
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        dated = cleaned.get("constraint", "ASAP") not in UNDATED
        if dated and not cleaned.get("constraint_day"):
            self.add_error("constraint_day", _("This rule needs a day."))
        return cleaned

    @property
    def model_fields(self) -> dict[str, Any]:
        """What was filled in, as the operation that changes a package takes it.

        Days and durations are only among it when they were changed, since the row may hold them
        to the minute.
        """
        filled = self.cleaned_data
        said = {name: filled[name] for name in self._meta.fields or () if name in filled}
        said |= owner_fields(filled["person"], self._customer_id)
        if not filled["person"]:
            said["owner"] = filled["owner_text"]
        said |= {
            name: filled[name]
            for name in ("duration", "optimistic", "pessimistic")
            if name in self.fields and filled[name] != self.initial[name]
        }
        if filled["deadline_day"] != self.initial["deadline_day"]:
            said["deadline_at"] = filled["deadline_day"]
        if said["constraint"] in UNDATED:
            said["constraint_at"] = None
        elif {"constraint", "constraint_day"} & set(self.changed_data):
            said["constraint_at"] = filled["constraint_day"]
        return said


def _last_day(moment: datetime | None) -> Any:
    return moment and moment.date()


class ProgressForm(forms.Form):
    """How far a package is. An empty field says nothing."""

    percent = forms.IntegerField(
        label=_("Percent done"), min_value=0, max_value=100, required=False
    )
    actual_start = forms.DateField(label=_("Began on"), required=False, widget=DayInput())
    actual_finish = forms.DateField(label=_("Finished on"), required=False, widget=DayInput())
    remaining = forms.CharField(
        label=_("Still to do"), max_length=20, required=False, help_text=LIKE_5D
    )


class LinkForm(forms.Form):
    """What a package waits for, and how."""

    other = forms.ChoiceField(label=_("Step"))
    type = forms.ChoiceField(label=_("How"), choices=LINK_WORDS)
    lag = forms.CharField(
        label=_("Plus or minus"),
        max_length=20,
        required=False,
        help_text=_("Like 2d, -3h or 1ed."),
    )


class NewPackageForm(forms.Form):
    """A new row; what stands after a semicolon is its duration."""

    name = forms.CharField(
        label=_("Step"),
        max_length=500,
        help_text=_("A duration may follow after a semicolon: Train the crews; 5d"),
    )


class RowsForm(forms.Form):
    """Rows as a spreadsheet puts them on the clipboard."""

    text = forms.CharField(
        label=_("Rows"),
        max_length=400_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "form-control typed-rows"}),
        help_text=_(
            "One step a line. Columns, with a tab between them: outline number (may be left out), "
            "name, duration, predecessors, owner."
        ),
    )
