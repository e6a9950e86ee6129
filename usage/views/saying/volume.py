"""What a source sent, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.templatetags.formats import number, percent, said_short, said_to_the_minute
from usage.charts.volume import Amounts
from usage.queries.volume import Volume, VolumePoint


@dataclass(frozen=True, slots=True)
class VolumeWords:
    """`finding` in one sentence, and what wants a look, empty where nothing does."""

    finding: str
    look: str


def tell_volume(volume: Volume) -> VolumeWords:
    total = volume.total
    if volume.is_empty:
        return VolumeWords(_("Nothing came from this source."), "")
    count = total.accepted
    finding = (
        ngettext("%(n)s event arrived", "%(n)s events arrived", count) % {"n": number(count)}
    ) + (_(" in two days.") if volume.by_hour else _(" in thirty days."))
    return VolumeWords(finding, _look(total))


def _look(total: VolumePoint) -> str:
    if total.put_aside and total.items:
        share = percent(total.put_aside / total.items)
        words = ngettext(
            "%(n)s item waits or could not be read (%(share)s).",
            "%(n)s items wait or could not be read (%(share)s).",
            total.put_aside,
        )
        said = words % {"n": number(total.put_aside), "share": share}
        return f"{said} {_refused(total)}" if total.wrong_key else said
    return _refused(total) if total.refused else ""


def _refused(total: VolumePoint) -> str:
    words = ngettext("%(n)s request was refused.", "%(n)s requests were refused.", total.refused)
    said = words % {"n": number(total.refused)}
    if not total.wrong_key:
        return said
    words = ngettext(
        "%(n)s of them came with a key that opens nothing.",
        "%(n)s of them came with keys that open nothing.",
        total.wrong_key,
    )
    return f"{said} {words % {'n': number(total.wrong_key)}}"


def amounts_of(volume: Volume) -> list[Amounts]:
    return [_amounts(point, volume.by_hour) for point in volume.points]


def _amounts(point: VolumePoint, by_hour: bool) -> Amounts:
    when = said_to_the_minute(point.starts_at) if by_hour else said_short(_day_of(point))
    other = point.told + point.left_out
    words = _(
        "%(when)s: %(accepted)s accepted, %(repeated)s repeated, %(aside)s put aside, "
        "%(refused)s refused"
    ) % {
        "when": when,
        "accepted": number(point.accepted),
        "repeated": number(point.repeated),
        "aside": number(point.put_aside),
        "refused": number(point.refused),
    }
    parts = (point.accepted, point.repeated, other, point.put_aside)
    return Amounts(parts, bool(point.refused), words)


def _day_of(point: VolumePoint) -> date:
    return timezone.localdate(point.starts_at)
