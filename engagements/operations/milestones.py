"""What of an engagement's changes is worth a place on its timeline."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from engagements.models import Engagement, Phase
from engagements.operations.timeline import inside, put_on_timeline
from rendering.formats import current

DATES = ("start_date", "go_live_date", "hypercare_end_date", "sign_off_date", "larger_scope_date")


def put_changes_on_timeline(engagement: Engagement, facts: Mapping[str, Any]) -> None:
    """Phase, dates and who looks after it, each as an entry; `facts` hold values before and after."""
    url = inside("engagements:promise", engagement.pk)
    for kind, text in _entries(engagement, facts):
        put_on_timeline(engagement=engagement, kind=kind, text=text, url=url, shared=True)


def _entries(engagement: Engagement, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if "phase" in facts:
        before, after = (str(Phase(value).label) for value in facts["phase"])
        words = {"before": before, "after": after}
        found.append(("phase.changed", _("The phase is now %(after)s; it was %(before)s.") % words))
    for name, label in (("lead", _("SPL")), ("csm", _("CSM"))):
        if name in facts:
            found.append((f"{name}.changed", _person(label, *facts[name])))
    for name in DATES:
        if name in facts:
            label = str(engagement._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(("date.moved", _date(label, *facts[name])))
    return found


def _person(label: str, before: object, after: object) -> str:
    words = {"role": label, "before": before, "after": after}
    if after is None:
        return _("%(role)s: nobody for now; it was %(before)s.") % words
    if before is None:
        return _("%(role)s: %(after)s.") % words
    return _("%(role)s: %(after)s, in place of %(before)s.") % words


def _date(label: str, before: date | None, after: date | None) -> str:
    name = label[:1].upper() + label[1:]
    words = {"name": name, "before": _day(before), "after": _day(after)}
    if after is None:
        return _("%(name)s: no date for now; it was %(before)s.") % words
    if before is None:
        return _("%(name)s: set for %(after)s.") % words
    return _("%(name)s: moved from %(before)s to %(after)s.") % words


def _day(day: date | None) -> str:
    return current().day_and_year(day) if day else ""
