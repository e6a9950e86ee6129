"""The resources of a file, told apart from those that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adoption.adapters.planfile import PlanFile, PlanRow
from adoption.adapters.resources import FileResource, merged
from rendering.sentences import Sentence, sentence

Key = tuple[bool, str]


def matched(plan_file: PlanFile, known: Mapping[Key, FileResource]) -> PlanFile:
    """The file with its resources as they will be.

    Of whom it says nothing but a name, and what belongs to the workspace, is taken as it is there;
    what belongs to another workspace becomes the engagement's own. A summary needs nothing itself.
    """
    found = {one.key: _match(one, known) for one in plan_file.resources}
    return replace(
        plan_file,
        resources=tuple({one.key: one for one in found.values()}.values()),
        rows=tuple(_row(row, found) for row in plan_file.rows),
        warnings=(*plan_file.warnings, *_left_out(plan_file)),
    )


def _match(one: FileResource, known: Mapping[Key, FileResource]) -> FileResource:
    name = one.name.casefold()
    there = known.get(one.key) or known.get((not one.shared, name))
    if there is None:
        return replace(one, shared=False)
    return there if one.is_named_only or there.shared else replace(one, shared=False)


def _row(row: PlanRow, found: Mapping[Key, FileResource]) -> PlanRow:
    if not row.needs:
        return row
    needs = (
        need._replace(resource=found[need.key].name, shared=found[need.key].shared)
        for need in (() if row.summary else row.needs)
    )
    return replace(row, needs=merged(needs))


def _left_out(plan_file: PlanFile) -> list[Sentence]:
    names = [f"“{row.name}”" for row in plan_file.rows if row.summary and row.needs]
    if not names:
        return []
    return [
        sentence(
            "Summaries need nothing themselves; what these need is left out: %(names)s.",
            names=", ".join(names)[:200],
        )
    ]
