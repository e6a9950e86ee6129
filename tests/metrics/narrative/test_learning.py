from dataclasses import replace

from metrics.learning import GroupScores, Matched, assess
from metrics.narrative.learning import (
    group_hints,
    learning_details,
    learning_finding,
    say_matched,
    say_reason,
)
from tests.metrics.groups import GROUPS, LEARNING


def test_the_worked_example_says_who_needs_attention_and_perhaps_why() -> None:
    assert learning_finding(LEARNING) == "Only C is below the standard of 65: 9 short"
    assert learning_details(LEARNING) == (
        "C started lowest, at 16, and gained +40: the gap comes from the start more than from "
        "the training.",
        "C had 8\xa0% of the resources; F passed with no more.",
        "A met the standard before training already.",
    )
    assert say_reason(LEARNING.below[0]) == "started lowest, at 16"


def test_several_groups_below_name_the_widest_gap() -> None:
    found = assess([*GROUPS, GroupScores(key="g", name="G", before=60, after=62)])
    assert learning_finding(found) == ("C and G are below the standard of 65, C by most: 9 short")


def test_nothing_is_said_that_was_not_tested() -> None:
    untested = [replace(group, after=None) for group in GROUPS]
    assert learning_finding(assess(untested)) == "No group has been tested after training yet"
    assert learning_finding(assess([*GROUPS[:2], untested[2]])) == (
        "Every group tested so far reaches the standard of 65; still to be tested: 1"
    )
    assert learning_finding(assess(GROUPS[:2])) == "Every group reaches the standard of 65"


def test_too_few_people_carry_no_reason() -> None:
    (below,) = assess([*GROUPS[:2], replace(GROUPS[2], n=3), *GROUPS[3:]]).below
    assert group_hints(below) == ("Too few people of C took both tests (3) to say why.",)
    assert say_reason(below) == ""


def test_weak_training_access_and_barriers_are_said_as_facts() -> None:
    weak = GroupScores(
        key="g", name="G", before=50, after=54, access=0.5, barriers=("no time", "old tablets")
    )
    below = assess([*GROUPS, weak]).below[0]
    assert group_hints(below) == (
        "G gained less than most: 8\xa0% of what was left to learn.",
        "50\xa0% of the people in G have access.",
        "In the way of G: no time and old tablets.",
    )


def test_matched_people_are_told() -> None:
    assert say_matched(Matched(12, 40, 80, 2, 1)) == (
        "People with both tests: 12. Left out, with one test only: 3."
    )
