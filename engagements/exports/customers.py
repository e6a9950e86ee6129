"""The list of customers as it is shown, likely duplicates, hand-overs and covers, as tables."""

from collections.abc import Callable, Iterable

from engagements.queries import CoverRow, CustomerRow, Duplicates, HandOverRow, Shape
from rendering.spreadsheets import write_table


def customer_list_csv(rows: Iterable[CustomerRow], shape: Shape) -> bytes:
    """The list as it was being looked at: its rows in its order, its columns."""
    usual = [name for name in shape.columns if not name.startswith("own:")]
    own = [name for name in shape.columns if name.startswith("own:")]
    heading = ["external_id", "name"]
    for name in usual:
        heading += LIST_CELLS[name][0]
    return write_table([*heading, *own], (_list_cells(row, usual) for row in rows))


LIST_CELLS: dict[str, tuple[list[str], Callable[[CustomerRow], list[object]]]] = {
    "segment": (["segment"], lambda row: [row.segment]),
    "industry": (["industry"], lambda row: [row.industry]),
    "csm": (["csm"], lambda row: [row.csm_name]),
    "phases": (["phases"], lambda row: [", ".join(row.phases)]),
    "seats": (["seats"], lambda row: [row.seats]),
    "arr": (["yearly_amount", "currency"], lambda row: [row.yearly_amount, row.currency]),
    "renewal": (["renewal_date"], lambda row: [row.renewal_date]),
}


def _list_cells(row: CustomerRow, usual: Iterable[str]) -> list[object]:
    cells: list[object] = [row.external_id, row.name]
    for name in usual:
        cells += LIST_CELLS[name][1](row)
    return cells + [_own_cell(field.value) for field in row.own]


def _own_cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


DUPLICATE_COLUMNS = ("group", "because_of", "shared", "external_id", "name", "segment", "csm")


def duplicates_csv(groups: Iterable[Duplicates]) -> bytes:
    """Customers that look alike, one row each, numbered by group."""
    return write_table(
        DUPLICATE_COLUMNS,
        (
            [number, group.reason, group.what, row.external_id, row.name, row.segment, row.csm_name]
            for number, group in enumerate(groups, start=1)
            for row in group.customers
        ),
    )


HAND_OVER_COLUMNS = ("kind", "from", "to", "first_day", "last_day", "customers", "state", "note")


def hand_overs_csv(made: Iterable[HandOverRow], covers: Iterable[CoverRow]) -> bytes:
    """Portfolios that changed hands, then covers."""
    rows: list[list[object]] = [
        [
            "hand-over",
            row.from_name,
            row.to_name,
            row.handed_over_at.date(),
            "",
            row.customers,
            "undone" if row.undone else "done",
            row.note,
        ]
        for row in made
    ]
    rows += [
        [
            "cover",
            row.person_name,
            row.stand_in_name,
            row.from_date,
            row.to_date,
            "",
            row.state,
            row.note,
        ]
        for row in covers
    ]
    return write_table(HAND_OVER_COLUMNS, rows)
