"""How somebody wants to hear of things."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import MailFormat, Way
from notifications.queries import GROUPS, Choice


def _hours() -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(24)]


def _zones() -> list[tuple[str, Any]]:
    zones = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    return [("", _("As in each workspace")), *((zone, zone) for zone in zones)]


class ChoiceForm(forms.Form):
    """A way for each group of kinds, and when and how mail comes."""

    wants_digest = forms.BooleanField(
        label=_("Send me a digest each working day"),
        required=False,
        help_text=_("Nothing new, no mail. Without it, such news waits in your inbox."),
    )
    digest_hour = forms.TypedChoiceField(label=_("At"), choices=_hours, coerce=int)
    time_zone = forms.ChoiceField(
        label=_("By the clock of"),
        choices=_zones,
        required=False,
        help_text=_("Also says when something put off until the morning comes back."),
    )
    mail_format = forms.ChoiceField(label=_("Mail as"), choices=MailFormat)

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("wants_digest", "digest_hour", "time_zone", "mail_format"):
            self.fields[name].initial = getattr(choice, name)
        for group in GROUPS:
            self.fields[f"way_{group.key}"] = forms.ChoiceField(
                label=str(group.label),
                help_text=str(group.hint),
                choices=Way,
                initial=choice.ways.get(group.key, group.usual),
            )

    @property
    def groups(self) -> list[forms.BoundField]:
        return [self[f"way_{group.key}"] for group in GROUPS]

    @property
    def timing(self) -> list[forms.BoundField]:
        return [self[name] for name in ("digest_hour", "time_zone", "mail_format")]

    @property
    def fields_chosen(self) -> dict[str, Any]:
        """As `operations.choose_mail` takes them."""
        chosen = dict(self.cleaned_data)
        ways = {group.key: chosen.pop(f"way_{group.key}") for group in GROUPS}
        return {**chosen, "ways": ways}
