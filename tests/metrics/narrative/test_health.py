from metrics.narrative.health import health_finding, say_change, say_coverage, say_part
from metrics.scoring import Absence, Model, Rating, compare, score
from rendering.sentences import Sentence

NAMES = {"use": "Use", "route": "New route", "tests": "Tests"}
MODEL = Model(1, {"use": 30, "route": 50, "tests": 20})


def health(**scores: float | None):
    return score(
        MODEL,
        {
            key: Rating(value, Absence.STALE if value is None else None)
            for key, value in scores.items()
        },
    )


def test_the_score_names_what_costs_most_of_it() -> None:
    assert health_finding(health(use=70, route=40, tests=100), NAMES) == (
        "Health is 61 of 100; New route takes 30 of the 39 points missing"
    )
    assert health_finding(health(use=100, route=100, tests=100), NAMES) == (
        "Health is 100 of 100: every measure is where it should be"
    )
    assert health_finding(health(use=70), NAMES) == "Health is 70 of 100, by Use alone"
    assert health_finding(health(), NAMES) == "No measure has a score yet"


def test_the_coverage_names_what_is_left_out_and_why() -> None:
    assert say_coverage(health(use=70, route=40, tests=100), NAMES) == ""
    assert say_coverage(health(use=70, route=None), NAMES) == (
        "It speaks for 30\xa0% of the weight only. Left out: New route (last reading too old) and "
        "Tests (not read yet)."
    )


def test_a_part_says_its_points_or_why_it_has_none() -> None:
    found = health(use=70, route=40)
    assert [say_part(part, NAMES) for part in found.parts][1:] == [
        "Use: 70 of 100, weight 38\xa0% of all that is known, brings 26 points",
        "Tests (not read yet)",
    ]


def test_a_change_names_its_largest_part_only_where_the_same_was_counted() -> None:
    before, now = health(use=90, route=60, tests=90), health(use=70, route=54, tests=90)
    assert say_change(compare(before, now), NAMES, days=28) == (
        "down 9 in 4 weeks; Use took 6 of them"
    )
    thinner = health(use=70, route=54)
    assert say_change(compare(before, thinner), NAMES, days=28) == (
        "down 15 in 4 weeks, but other measures are counted now"
    )
    assert say_change(compare(now, now), NAMES, days=28) == "level for 4 weeks"


def test_what_is_said_can_be_said_in_another_language() -> None:
    finding = health_finding(health(use=70, route=40, tests=100), NAMES)
    assert isinstance(finding, Sentence)
    assert finding.say(lambda form: form.replace("Health is", "Helsen er")).startswith(
        "Helsen er 61"
    )
    coverage = say_coverage(health(use=70), NAMES)
    assert isinstance(coverage, Sentence)
    assert "ikke lest" in coverage.say(lambda form: form.replace("not read yet", "ikke lest"))
