"""Readings by hand and from a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.forms.fields import DateInput


class ReadingForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=DateInput(), help_text=_("A day that is over."))
    amount = forms.FloatField(label=_("Amount"))
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Such as how it was counted, or what was special that day."),
    )
    reason = forms.CharField(
        label=_("Why it is corrected"),
        max_length=200,
        required=False,
        help_text=_("Only where the day has a reading already; what stood there is kept."),
    )


class ReadingsFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or Excel (XLSX) with the columns measure, day, amount and, if you like, note; up"
            " to 5,000 rows. A measure is named by its name, its id or a key such as uptime, a day"
            " like 2026-11-18."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
    )


class BringInForm(forms.Form):
    """The readings of a file that was looked through, as the page before sealed them."""

    readings = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why readings are corrected"), max_length=200, required=False)
