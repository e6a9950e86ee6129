"""Usage as rows that leave the product: the report and the rows of a file left out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple
from typing import Any

from rendering.spreadsheets import write_table
from usage.activity import date_of
from usage.models import Quarantined, RowFault, UsageImport
from usage.numbers.activation import TimeToValue
from usage.numbers.active import ActiveDays
from usage.numbers.early import EarlyUse
from usage.numbers.features import FeatureAdoption
from usage.numbers.licences import LicenceUse
from usage.numbers.retention import Retention
from usage.queries import (
    Adoption,
    CountSeries,
    DayEvents,
    HealthRow,
    PeopleList,
    PersonRow,
    PersonView,
    ReportRow,
    UsageSeries,
    WorkspaceUse,
)
from usage.queries.traces import (
    Traces,
    get_aliases_of,
    get_belongings_of,
    get_days_of,
    get_events_of,
    get_exclusions_of,
    get_put_aside_of,
)
from usage.queries.volume import Volume

REPORT_COLUMNS = ("day", "customer", "dau", "wau", "mau", "events")
FAULT_COLUMNS = ("row", "column", "field", "reason")
IMPORT_COLUMNS = (
    *("file", "kind", "state", "rows", "new", "changed", "known_before", "left_out", "problem"),
    *("brought_at", "brought_by", "finished_at"),
)
COURSE_COLUMNS = ("day", "dau", "wau", "mau", "events", "dau_mau_ratio")
SEAT_COLUMNS = ("day", "seats", "given_out", "active")
WAIT_COLUMNS = ("days", "at_risk", "reached_then", "reached_share", "low_95", "high_95")
FEATURE_COLUMNS = ("feature", "group", "tried", "adopted", "meant_for", "others")
COHORT_COLUMNS = ("began", "people", "curve", "period", "active", "is_finished")
EARLY_COLUMNS = (
    *("day", "after_go_live", "active", "first_seen"),
    *("have_come", "with_access", "events"),
)
PEOPLE_COLUMNS = (
    *("external_id", "name", "group", "access_since", "first_day", "last_day", "active_days"),
    *("expected_days", "weeks", "events", "first_value", "standing"),
)
EVENT_COLUMNS = ("occurred_at", "person", "event", "feature", "source", "id")
HEALTH_COLUMNS = (
    *("customer", "name", "as_of", "last_active_day", "silent_days", "dau", "wau", "mau"),
    *("mau_4_weeks_before", "peak_26_weeks", "habitual", "seats", "is_falling"),
)
ASIDE_COLUMNS = ("received_at", "source", "group", "user", "reason", "item")


def report_csv(rows: Iterable[ReportRow]) -> bytes:
    """A line a customer and calendar day; the counts of an open day are empty."""
    return write_table(REPORT_COLUMNS, (astuple(row) for row in rows))


def report_json(rows: Iterable[ReportRow]) -> str:
    """One array of objects; the counts of an open day are null."""
    return json.dumps([asdict(row) | {"day": row.day.isoformat()} for row in rows])


def faults_csv(faults: Iterable[RowFault]) -> bytes:
    """Which rows of a file were left out, and why."""
    return write_table(FAULT_COLUMNS, ([f.row, f.column, f.field, f.reason] for f in faults))


def imports_csv(rows: Iterable[UsageImport]) -> bytes:
    """A line a file, with what became of its rows."""
    return write_table(
        IMPORT_COLUMNS,
        (
            [
                *(row.file_name, row.kind, row.state, row.rows_read, row.rows_new),
                *(row.rows_changed, row.rows_repeated, row.rows_wrong, row.problem),
                row.created_at.isoformat(),
                str(row.created_by or ""),
                row.finished_at.isoformat() if row.finished_at else "",
            ]
            for row in rows
        ),
    )


def quarantined_csv(rows: Iterable[Quarantined]) -> bytes:
    """What is put aside, with the reason and what can be shown of it."""
    return write_table(
        ASIDE_COLUMNS,
        (
            [
                row.received_at.isoformat(),
                row.source.name,
                row.group_key,
                row.user_key,
                row.reason,
                json.dumps(row.item, ensure_ascii=False),
            ]
            for row in rows
        ),
    )


def report_table(rows: Sequence[ReportRow]) -> str:
    """The report for reading in a terminal."""
    cells = [REPORT_COLUMNS, *(tuple(map(_cell, astuple(row))) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(REPORT_COLUMNS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def _cell(value: Any) -> str:
    return "–" if value is None else str(value)


def course_csv(series: UsageSeries) -> bytes:
    """Active users a day; the counts of an open day are empty."""
    pairs = zip(series.points, series.ratios, strict=True)
    return write_table(
        COURSE_COLUMNS, ([p.day, p.dau, p.wau, p.mau, p.events, ratio] for p, ratio in pairs)
    )


def no_days_csv() -> bytes:
    """The columns alone, while no day is closed."""
    return write_table(COURSE_COLUMNS, ())


def licences_csv(value: LicenceUse) -> bytes:
    """A line a day; days without seats on record have none."""
    columns = (value.days, value.seats, value.known, value.assigned, value.active)
    return write_table(
        SEAT_COLUMNS,
        (
            [date_of(day), seats if known else None, assigned, active]
            for day, seats, known, assigned, active in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ),
    )


def first_value_csv(value: TimeToValue) -> bytes:
    """Kaplan and Meier's steps: a line for each number of days on which somebody reached it."""
    curve = value.curve
    columns = (curve.times, curve.at_risk, curve.happened, curve.surviving, curve.low, curve.high)
    return write_table(
        WAIT_COLUMNS,
        (
            [day, at_risk, happened, 1 - left, 1 - high, 1 - low]
            for day, at_risk, happened, left, low, high in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ),
    )


def active_days_csv(value: ActiveDays) -> bytes:
    """How many people were active on each number of days."""
    return write_table(("active_days", "people"), enumerate(value.counts))


def features_csv(adoption: Adoption) -> bytes:
    """Each feature over everybody, and in each group; the group is empty for everybody."""
    names, groups = adoption.features.names, adoption.ground.group_names
    matrix = adoption.matrix
    rows = [
        (names[one.feature], name, cell)
        for one in matrix.overall
        for name, cell in (
            ("", one),
            *((groups[group], matrix.cells[one.feature, group]) for group in matrix.groups),
        )
        if cell.is_intended or cell.outsiders
    ]
    return write_table(FEATURE_COLUMNS, ([name, group, *_uses(cell)] for name, group, cell in rows))


def _uses(cell: FeatureAdoption) -> tuple[int, ...]:
    return cell.tried.count, cell.adopted.count, cell.adopted.size, len(cell.outsiders)


def cohorts_csv(value: Retention) -> bytes:
    """A line a cohort, curve and period; the running period is not finished."""
    return write_table(
        COHORT_COLUMNS,
        (
            [date_of(own.first), len(own.users), name, at, share.count, at < own.finished]
            for own in value.cohorts
            for name, curve in (("classic", own.classic), ("rolling", own.rolling))
            for at, share in enumerate(curve)
        ),
    )


def first_weeks_csv(value: EarlyUse | None) -> bytes:
    """A line a closed day since go-live."""
    return write_table(
        EARLY_COLUMNS,
        (
            [
                date_of(day.day),
                day.number,
                len(day.active),
                len(day.newcomers),
                day.reached.count,
                day.reached.size,
                day.uses,
            ]
            for day in (value.days if value else ())
        ),
    )


def people_csv(listed: PeopleList) -> bytes:
    return write_table(PEOPLE_COLUMNS, map(_person_cells, listed.rows))


def _person_cells(row: PersonRow) -> list[Any]:
    return [
        *(row.external_id, row.label, row.group, row.access_since, row.first_day, row.last_day),
        *(row.active_days, row.expected_days, row.weeks, row.uses, row.first_value),
        row.standing.value,
    ]


def person_csv(person: PersonView) -> bytes:
    """A line a day of one person, with what was used on it."""
    return write_table(
        ("day", "events", "features"),
        (
            [day.day, day.events, "; ".join(f"{name} {uses}" for name, uses in day.features)]
            for day in person.days
        ),
    )


def events_csv(found: DayEvents) -> bytes:
    return write_table(
        EVENT_COLUMNS,
        (
            [row.occurred_at.isoformat(), row.person, row.name, row.feature, row.source, row.id]
            for row in found.rows
        ),
    )


def health_csv(use: WorkspaceUse) -> bytes:
    """A line a customer; counts are empty where no day is closed yet."""
    return write_table(HEALTH_COLUMNS, map(_health_cells, use.rows))


def _health_cells(row: HealthRow) -> list[Any]:
    return [
        *(row.key, row.name, row.closed_day, row.last_active_day, row.silent_days),
        *(row.dau, row.wau, row.mau, row.before, row.peak, row.habitual, row.seats),
        row.is_alarming,
    ]


VOLUME_COLUMNS = (
    "starts_at",
    "requests",
    "accepted",
    "repeated",
    "put_aside",
    "told",
    "left_out",
    "refused",
    "wrong_key",
)


def volume_csv(volume: Volume) -> bytes:
    """What a source sent, a line an hour or a day, the oldest first."""
    return write_table(
        VOLUME_COLUMNS,
        (
            [point.starts_at.isoformat(), *(getattr(point, name) for name in VOLUME_COLUMNS[1:])]
            for point in volume.points
        ),
    )


def person_archive(traces: Traces) -> bytes:
    """All that is stored of a person: a ZIP with a CSV file for each kind of thing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (columns, rows) in {**_deeds(traces), **_words(traces)}.items():
            archive.writestr(name, write_table(columns, rows))
    return packed.getvalue()


Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def _deeds(traces: Traces) -> dict[str, Table]:
    """Who they are, what they did, and on which days."""
    known = ("customer", "external_id", "name", "email", "active_days", "first_day", "last_day")
    users = [one.end_user_id for one in traces.known_as]
    names = {one.end_user_id: (one.customer, one.external_id) for one in traces.known_as}
    events = get_events_of(end_user_ids=users).iterator()
    days = get_days_of(end_user_ids=users).iterator()
    return {
        "known-as.csv": (known, ([getattr(o, c) for c in known] for o in traces.known_as)),
        "events.csv": (
            ("customer", "user", "occurred_at", "received_at", "name", "feature"),
            (
                [*names[e.end_user_id], e.occurred_at, e.received_at, e.name, e.feature]
                for e in events
            ),
        ),
        "days.csv": (
            ("customer", "user", "day", "events"),
            ([*names[d.end_user_id], d.day, d.events] for d in days),
        ),
    }


def _words(traces: Traces) -> dict[str, Table]:
    """What senders and the workspace said of them, and what waits."""
    belongings = get_belongings_of(ids=traces.ids)
    aside = get_put_aside_of(ids=traces.ids)
    return {
        "belongs-to.csv": (
            ("user", "customer", "since", "until"),
            ([b.person, b.customer.name, b.since_at, b.until_at] for b in belongings),
        ),
        "also-called.csv": (
            ("id", "person", "known_at"),
            ([a.said, a.person, a.known_at] for a in get_aliases_of(ids=traces.ids)),
        ),
        "put-aside.csv": (
            ("received_at", "source", "reason", "item"),
            (
                [q.received_at, q.source.name, q.reason, json.dumps(q.item, ensure_ascii=False)]
                for q in aside
            ),
        ),
        "left-out.csv": (
            ("pattern", "reason", "since"),
            ([x.pattern, x.reason, x.created_at] for x in get_exclusions_of(ids=traces.ids)),
        ),
    }


def sent_csv(counts: CountSeries) -> bytes:
    """What senders counted themselves: a line a day and feature, the feature empty for all."""
    rows = [
        row
        for point in counts.points
        if point.events is not None
        for row in (
            [point.day, "", point.active_users, point.events],
            *([point.day, *own] for own in point.features),
        )
    ]
    return write_table(("day", "feature", "active_users", "events"), rows)
