"""Forms that two people may have open at once: nothing is lost, and the second hears of the first.

The form carries the values it was opened with. What somebody else changed meanwhile is taken over
where this person touched nothing, and said beside the field where both did.
"""

from copy import copy
from typing import Any, TypeVar

from django import forms
from django.core import signing
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=models.Model)

SALT = "rendering.editing"


class SharedForm(forms.ModelForm[Row]):
    """A form over a row that knows what the row said when the form was opened.

    `taken_over` holds the labels of fields where another person's change was kept. The view should
    load the row for update, so that the comparison still holds when the row is saved.
    """

    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A form writes into its instance while it checks; the caller's row stays as it was read.
        self.instance = copy(self.instance)
        self.taken_over: list[str] = []
        # Asked for when it is shown, since a form may add what it starts with after this.
        self.fields["opened_with"].initial = self._sealed

    @property
    def model_fields(self) -> dict[str, Any]:
        """What the filled-in form says about its row, by field."""
        return {
            name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.fields
        }

    @cached_property
    def _now(self) -> dict[str, str]:
        """What the row says by now, and what stands beside it on the form, as the fields show it."""
        if self.instance._state.adding:
            return {}
        return {
            name: self._text(name, self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name != "opened_with"
        }

    def _sealed(self) -> str:
        return signing.dumps(self._now, salt=SALT)

    def _text(self, name: str, value: Any) -> str:
        """The value as the field shows it, so that 10 and 10.00 are one amount."""
        if isinstance(value, models.Model):
            value = value.pk
        if hasattr(value, "normalize"):
            value = format(value.normalize(), "f")
        shown = self.fields[name].prepare_value(value)
        return "" if shown is None else str(shown)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        before = self._read(cleaned.pop("opened_with", ""))
        for name, value in before.items():
            if name in cleaned and self._now.get(name, value) != value:
                self._meet(name, value, cleaned)
        return cleaned

    def _read(self, text: str) -> dict[str, str]:
        try:
            before: dict[str, str] = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            # Sent by a program, or by a page from before the key changed: the last word counts.
            return {}
        return before

    def _meet(self, name: str, before: str, cleaned: dict[str, Any]) -> None:
        wanted, now = self._text(name, cleaned[name]), self._now[name]
        if wanted == before:
            self.taken_over.append(str(self.fields[name].label))
            cleaned[name] = self.fields[name].clean(now)
        elif wanted != now:
            self._say_what_changed(name, now)

    def _say_what_changed(self, name: str, now: str) -> None:
        words = _("Meanwhile somebody changed this to “%(now)s”. Save again to put yours in place.")
        self.add_error(name, words % {"now": self._as_shown(name, now) or "–"})
        # A second save is a decision made in the knowledge of the other's change.
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("opened_with")] = self._sealed()
        self.data = data

    def _as_shown(self, name: str, text: str) -> str:
        choices = getattr(self.fields[name], "choices", None) or ()
        return next((str(label) for key, label in choices if str(key) == text), text)


def taken_over_words(form: SharedForm[Any]) -> str:
    """What to tell somebody whose save kept another person's changes; empty when it kept none."""
    if not form.taken_over:
        return ""
    return _("Somebody else changed %(fields)s meanwhile; that was kept.") % {
        "fields": ", ".join(form.taken_over)
    }
