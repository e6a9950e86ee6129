"""What is one matter, what it says, and what it is made of."""

from datetime import date, timedelta

import pytest

from metrics.alerting import Late, Matter, Missing, Quiet, Weight, of_plan, of_readings, of_use
from rendering.sentences import Sentence, sentence_from_json, sentence_to_json

TODAY = date(2026, 11, 18)
WAS, NOW = date(2026, 12, 4), date(2026, 12, 18)


def late(name: str, days: int, *, critical: bool = True) -> Late:
    return Late(name, name, WAS, WAS + timedelta(days=days), 0 if critical else 2.5)


def test_the_slips_of_a_plan_are_one_matter_with_the_finish() -> None:
    found = of_plan([late("B", 2), late("A", 9), late("C", 4)], was=WAS, now=NOW, today=TODAY)
    assert (found.matter, found.key, found.weight) == (Matter.SLIP, "plan", Weight.ACT)
    assert found.reason == (
        "3 packages on the critical path slip: “A”, “C” and “B”; "
        "the finish moves from 4 December to 18 December."
    )
    assert [part.key for part in found.parts] == ["A", "C", "B"]
    assert (
        found.parts[0].said
        == "“A” is critical and ends on 13 December, nine days after 4 December."
    )


@pytest.mark.parametrize(
    ("packages", "begins"),
    [
        ([late("A", 1)], "“A” is critical and slips by one day; the finish moves"),
        ([late("A", 3, critical=False)], "“A” is nearly critical and slips by three days;"),
        (
            [late("A", 3), late("B", 3, critical=False)],
            "Packages slip, 1 on the critical path and 1",
        ),
        (
            [late(name, 3, critical=False) for name in "AB"],
            "2 packages near the critical path slip: “A” and “B”;",
        ),
        (
            [late(name, 3) for name in "ABCDEF"],
            "6 packages on the critical path slip: “A”, “B” and 4 more;",
        ),
    ],
)
def test_slips_are_told_by_how_near_they_are_to_the_finish(
    packages: list[Late], begins: str
) -> None:
    assert of_plan(packages, was=WAS, now=NOW, today=TODAY).reason.startswith(begins)


def test_a_finish_that_stays_is_said_to_stay() -> None:
    found = of_plan([late("A", 3, critical=False)], was=WAS, now=WAS, today=TODAY)
    assert found.weight is Weight.WATCH
    assert found.reason.endswith("; the finish stays on 4 December.")


def test_the_readings_somebody_owes_are_one_matter() -> None:
    first, second = TODAY - timedelta(days=9), TODAY - timedelta(days=1)
    one = of_readings([Missing("m1", "Checks", second)], reader="r", today=TODAY)
    assert one.reason == "Checks: a reading was due on 17 November, one day ago."
    two = of_readings(
        [Missing("m1", "Checks", second), Missing("m2", "Tickets", first)], reader="r", today=TODAY
    )
    assert two.reason == "2 readings are overdue, the first since 9 November: Tickets and Checks."
    assert [part.key for part in two.parts] == ["m2:2026-11-09", "m1:2026-11-17"]
    assert one.key == two.key == "reader:r"


def test_silent_groups_of_an_engagement_are_one_matter() -> None:
    groups = [Quiet(f"group:{name}", name, 6, 28) for name in ("Sales", "Finance")]
    [one] = of_use([], groups[:1])
    assert one.reason == "Nobody of “Sales” used it in 28 days; 6 people have access."
    [found] = of_use([], groups)
    assert found.reason == (
        "2 groups used nothing in 28 days: Sales and Finance. 12 people have access."
    )
    assert (found.matter, found.weight, len(found.parts)) == (Matter.SILENT, Weight.WATCH, 2)


def test_what_is_kept_is_still_said_in_another_language() -> None:
    found = of_plan([late("A", 2), late("B", 2)], was=WAS, now=NOW, today=TODAY)
    kept = sentence_from_json(sentence_to_json(found.reason))
    words = {"%(n)s packages on the critical path slip: %(names)s": "%(n)s verspätet: %(names)s"}
    assert isinstance(kept, Sentence)
    said = kept.say(lambda form: words.get(form, form))
    assert said.startswith("2 verspätet: “A”")
