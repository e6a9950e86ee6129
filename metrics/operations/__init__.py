"""Changes to measures: what is measured, what is agreed about it, what was read, what it means."""

from metrics.operations.agreements import (
    IllFormedTarget,
    Terms,
    agree_target,
    confirm_agreement,
)
from metrics.operations.alerts import (
    assign_alert,
    reopen_alert,
    resolve_alert,
    snooze_alert,
)
from metrics.operations.deciding import (
    Decision,
    decide_paper,
    take_back_decision,
    why_not_taken_back,
)
from metrics.operations.defining import (
    AlreadyMeasured,
    change_measure,
    define_measure,
    remove_measure,
    restore_measure,
)
from metrics.operations.health import weigh_measures
from metrics.operations.judging import Judged, judge_engagements, score_fields
from metrics.operations.own_definitions import (
    change_definition,
    restore_definition,
    withdraw_definition,
    write_definition,
)
from metrics.operations.papers import (
    answer_paper,
    ask_paper,
    change_effects,
    change_option,
    change_paper,
    drop_option,
    restore_option,
    send_paper,
    take_back_paper,
    write_option,
    write_paper,
)
from metrics.operations.readings import (
    NewReading,
    ReadingRefused,
    Taken,
    record_reading,
    record_readings,
)
from metrics.operations.refreshing import Refreshed, refresh_readings

__all__ = [
    "AlreadyMeasured",
    "Decision",
    "IllFormedTarget",
    "Judged",
    "NewReading",
    "ReadingRefused",
    "Refreshed",
    "Taken",
    "Terms",
    "agree_target",
    "answer_paper",
    "ask_paper",
    "assign_alert",
    "change_definition",
    "change_effects",
    "change_measure",
    "change_option",
    "change_paper",
    "confirm_agreement",
    "decide_paper",
    "define_measure",
    "drop_option",
    "judge_engagements",
    "record_reading",
    "record_readings",
    "refresh_readings",
    "remove_measure",
    "reopen_alert",
    "resolve_alert",
    "restore_definition",
    "restore_measure",
    "restore_option",
    "score_fields",
    "send_paper",
    "snooze_alert",
    "take_back_decision",
    "take_back_paper",
    "weigh_measures",
    "why_not_taken_back",
    "withdraw_definition",
    "write_definition",
    "write_option",
    "write_paper",
]
