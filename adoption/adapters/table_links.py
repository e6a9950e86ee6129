"""The links of a table's row as text: `12FS+2d;7SS`, by the ids of what it waits for.

A lag is a duration, `2d` or by the clock `2ed`, or a share of the duration of what is waited for,
`50%`; a minus makes a lead of it. Links stand apart by `;` or `,`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from adoption.adapters.planfile import PlanRow
from adoption.adapters.refusals import UnreadablePlan
from adoption.scheduling import Link, LinkType
from rendering.sentences import sentence

_LAG = r"(?P<sign>[+-])\s*(?P<lag>[^+-]+)"
# An id may end in letters that name a type, or in a number behind a dash.
_LINKS = (
    re.compile(rf"(?P<id>.+?)\s*(?P<type>FS|SS|FF|SF)\s*(?:{_LAG})?", re.IGNORECASE),
    re.compile(rf"(?P<id>.+?)\s*{_LAG}", re.IGNORECASE),
)
_SHARE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(e?)%", re.IGNORECASE)
# A comma between the figures of a lag is its decimal point.
_DECIMAL = re.compile(r"([+-]\s*\d+),(\d+\s*(?:%|e%|e?[mhdw]))", re.IGNORECASE)

# (text, where) -> minutes and whether they are of the clock; None for what is no duration.
Minutes = Callable[[str, str], tuple[int, bool] | None]


def links_of(text: str, row: PlanRow, known: Mapping[str, PlanRow], minutes: Minutes) -> list[Link]:
    """What a row waits for. Raises UnreadablePlan naming row and link."""
    where = sentence("Row %(line)s, “%(name)s”", line=row.line, name=row.name)
    found: list[Link] = []
    for part in re.split(r"[;,]", _DECIMAL.sub(r"\1.\2", text)):
        if part.strip():
            found.append(_link(part.strip(), row.uid, known, minutes, where))
    return found


def _link(
    text: str, after: str, known: Mapping[str, PlanRow], minutes: Minutes, where: str
) -> Link:
    if text in known:
        return Link(text, after)
    readings = list(_readings(text))
    found = next((one for one in readings if one["id"].strip() in known), None)
    if found is None:
        named = readings[0]["id"].strip() if readings else text
        raise UnreadablePlan(
            sentence(
                "%(where)s waits for “%(before)s”, which is not among the ids.",
                where=where,
                before=named[:40],
            )
        )
    parts = found.groupdict()
    before, kind = parts["id"].strip(), LinkType((parts.get("type") or "FS").upper())
    if not parts["lag"]:
        return Link(before, after, kind)
    lag = _lag(parts["lag"].strip(), known[before], minutes, where)
    if lag is None:
        raise UnreadablePlan(
            sentence(
                "%(where)s: the lag in “%(text)s” is not like +2d or -3h.",
                where=where,
                text=text[:40],
            )
        )
    return Link(before, after, kind, -lag[0] if parts["sign"] == "-" else lag[0], lag[1])


def _readings(text: str) -> Iterator[re.Match[str]]:
    for form in _LINKS:
        found = form.fullmatch(text)
        if found is not None:
            yield found


def _lag(text: str, before: PlanRow, minutes: Minutes, where: str) -> tuple[int, bool] | None:
    share = _SHARE.fullmatch(text)
    if share is None:
        return minutes(text, where)
    # How long a summary lasts comes out of the schedule.
    if before.summary:
        return None
    return round(before.duration * float(share[1]) / 100), bool(share[2]) or before.elapsed
