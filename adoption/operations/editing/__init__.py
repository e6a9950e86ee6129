"""Editing a plan: each edit is one change with its own undo, and can be looked at beforehand."""

from adoption.operations.editing.applying import apply_edit
from adoption.operations.editing.checklists import (
    add_check_item,
    comment_on_package,
    remove_check_item,
    remove_comment,
    rename_check_item,
    restore_check_item,
    restore_comment,
    tick_item,
    untick_item,
)
from adoption.operations.editing.copying import begin_like
from adoption.operations.editing.desk import sheet_of
from adoption.operations.editing.links import add_link, change_link, remove_link, set_links
from adoption.operations.editing.outline import move_packages, paste_rows, place_packages
from adoption.operations.editing.packages import (
    add_package,
    change_many,
    change_package,
    change_rows,
    remove_packages,
)
from adoption.operations.editing.plans import change_plan, make_plan, set_calendar
from adoption.operations.editing.progress import complete_package, report_progress
from adoption.operations.editing.refusals import VersionConflict
from adoption.operations.editing.undoing import undo_change

__all__ = [
    "VersionConflict",
    "add_check_item",
    "add_link",
    "add_package",
    "apply_edit",
    "begin_like",
    "change_link",
    "change_many",
    "change_package",
    "change_plan",
    "change_rows",
    "comment_on_package",
    "complete_package",
    "make_plan",
    "move_packages",
    "paste_rows",
    "place_packages",
    "remove_check_item",
    "remove_comment",
    "remove_link",
    "remove_packages",
    "rename_check_item",
    "report_progress",
    "restore_check_item",
    "restore_comment",
    "set_calendar",
    "set_links",
    "sheet_of",
    "tick_item",
    "undo_change",
    "untick_item",
]
