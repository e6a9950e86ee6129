"""What people fill in about tests and about what was reached in them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from adoption.forms.fields import DayInput
from adoption.models import Assessment, Stage
from adoption.queries.assessments import get_package_choices
from engagements.models import Engagement, ImpactGroup, RosterEntry
from rendering.editing import SharedForm
from rendering.spreadsheets import LARGEST_TABLE_BYTES

MOST_TEXT = 500_000


class PackageField(forms.ChoiceField):
    """A row of the engagement's plan, by its uid; also one that the plan has lost since."""

    def __init__(self) -> None:
        super().__init__(label=_lazy("Work package"), required=False)

    def offer(self, engagement: Engagement, now: str) -> None:
        named = get_package_choices(engagement_id=engagement.pk)
        if now and now not in dict(named):
            named.append((now, _("No longer in the plan")))
        self.choices = [("", "–"), *named]
        self.initial = now


class AssessmentForm(SharedForm[Assessment]):
    class Meta:
        model = Assessment
        fields = ["name", "kind", "impact_group", "highest", "minimum", "package_uid"]

    package_uid = PackageField()

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["impact_group"]
        group.queryset = ImpactGroup.objects.filter(engagement=engagement)
        group.empty_label = _("Every group")
        package: Any = self.fields["package_uid"]
        package.offer(engagement, self.instance.package_uid)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        highest, minimum = cleaned.get("highest"), cleaned.get("minimum")
        if highest is not None and minimum is not None and minimum > highest:
            self.add_error("minimum", _("The standard lies above the highest score."))
        return cleaned


class ScoreForm(forms.Form):
    """One result by hand: of somebody on the roster, or of a group as a whole."""

    person = forms.CharField(
        label=_lazy("Person"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "roster", "autocomplete": "off"}),
        help_text=_lazy("By the id on the roster. Leave empty for the score of a group."),
    )
    impact_group = forms.ModelChoiceField(
        label=_lazy("Impact group"),
        queryset=ImpactGroup.objects.none(),
        required=False,
        help_text=_lazy("Of a person it is the one on the roster, if you choose none."),
    )
    people = forms.IntegerField(
        label=_lazy("People in the group’s score"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_lazy("Only where people are not named."),
    )
    stage = forms.ChoiceField(label=_lazy("When"), choices=Stage.choices, initial=Stage.AFTER)
    score = forms.DecimalField(label=_lazy("Score"), min_value=Decimal(0), decimal_places=2)
    day = forms.DateField(label=_lazy("Day"), widget=DayInput())

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assessment = assessment
        group: Any = self.fields["impact_group"]
        group.queryset = ImpactGroup.objects.filter(engagement=assessment.engagement_id)

    def clean_person(self) -> RosterEntry | None:
        text = self.cleaned_data["person"].strip()
        rows = RosterEntry.objects.filter(engagement=self.assessment.engagement_id)
        named = rows.select_related("end_user", "impact_group")
        found = named.filter(end_user__external_id=text).first() if text else None
        if text and found is None:
            raise forms.ValidationError(_("Nobody on the roster of this engagement has this id."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["person"] or cleaned["impact_group"]):
            self.add_error("person", _("Name a person, or a group."))
        return cleaned


class ScoresFileForm(forms.Form):
    """A table of results, as a file or pasted from a spreadsheet."""

    file = forms.FileField(
        label=_lazy("File"),
        required=False,
        help_text=_lazy(
            "CSV or Excel (XLSX) with the columns stage (before or after), score and day, and"
            " external_id for a person or impact_group and people for a group; up to 5,000 rows."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
    )
    text = forms.CharField(
        label=_lazy("Or paste the rows"),
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_lazy("With the names of the columns in the first row."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("file") or cleaned.get("text", "").strip()):
            self.add_error("file", _("Choose a file or paste the rows."))
        return cleaned

    @property
    def content(self) -> bytes:
        file = self.cleaned_data["file"]
        if file:
            read: bytes = file.read(LARGEST_TABLE_BYTES + 1)
            return read
        return str(self.cleaned_data["text"]).encode()


class BringScoresForm(forms.Form):
    """The results of a table that was looked through, as the page before sealed them."""

    scores = forms.CharField(widget=forms.HiddenInput)
