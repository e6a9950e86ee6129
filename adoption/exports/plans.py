"""A plan as files that people take along and bring back."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from adoption.adapters import PlanFile, write_csv, write_mspdi, write_xlsx


def plan_csv(plan_file: PlanFile) -> bytes:
    return write_csv(plan_file)


def plan_xml(plan_file: PlanFile) -> Iterator[bytes]:
    return write_mspdi(plan_file)


def plan_xlsx(plan_file: PlanFile) -> bytes:
    return write_xlsx(plan_file, about=_about(plan_file))


def _about(plan_file: PlanFile) -> list[str]:
    """What whoever opens the workbook should know before changing it."""
    return [
        plan_file.name,
        "",
        _(
            "Change the sheet Plan and bring the workbook in again: rows are told apart by their id."
        ),
        _("A new row needs an id that no other has, an outline number, a name and a duration."),
        _("Durations: 5d, 3h, 2w, 0d for a milestone; 3ed counts the clock, also at weekends."),
        _("Predecessors: 12FS+2d;7SS, by id. FS, SS, FF and SF say which ends are tied."),
        _("Constraints: SNET, SNLT, FNET, FNLT, MSO, MFO with a date, or ALAP without one."),
        _(
            "Optimistic and pessimistic stand on both sides of a duration that is not known exactly."
        ),
        _("A checklist has a line an item; [x] before it says that it is done."),
        _("These columns are computed and not read:")
        + " start, finish, latest_finish, total_float_days, free_float_days, critical",
        _("The sheet Calendar holds the working hours of a week and the days that differ."),
        _("Needs are resources by name: Ada Weaver; Room 1 × 0.5 is one person and half a room."),
        _(
            "The sheet Resources says who they are and when they are there, all weekdays empty for "
            "whenever the plan works; the sheet Days says when that is otherwise."
        ),
    ]
