from dataclasses import replace

import plotly.graph_objects as go

from metrics.charts import score_bars
from metrics.charts.scores import groups_shown
from metrics.learning import GroupScores, assess
from rendering.sentences import Sentence
from tests.metrics.charts.test_line import trace, words
from tests.metrics.groups import AFTER, BEFORE, GROUPS, LEARNING


def test_the_bars_are_the_scores_of_the_worked_example() -> None:
    figure = go.Figure(score_bars(LEARNING))
    assert trace(figure, "before").x == BEFORE
    assert trace(figure, "after").x == AFTER
    assert set(trace(figure, "minimum").x) == {65}


def test_only_whoever_is_below_is_red_and_has_its_gap_and_its_reason() -> None:
    figure = go.Figure(score_bars(LEARNING))
    colours = trace(figure, "after").marker.color
    assert [colour == "#ad2318" for colour in colours] == [name == "C" for name in "ABCDEF"]
    said = words(figure)
    assert {"56, 9 short", "started lowest, at 16", "minimum 65", "before", "after"} <= set(said)
    assert sum("short" in text for text in said) == 1


def test_words_are_said_in_the_language_of_the_page() -> None:
    def norwegian(text: str) -> str:
        return (
            text.say(lambda form: form.replace("minimum", "krav"))
            if isinstance(text, Sentence)
            else text
        )

    assert "krav 65" in words(go.Figure(score_bars(LEARNING, say=norwegian)))


def test_names_that_people_typed_stay_text_and_missing_tests_are_said() -> None:
    odd = assess([replace(GROUPS[0], name="<b>R&D</b>", after=None)])
    said = words(go.Figure(score_bars(odd)))
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in said
    assert "not tested after" in said


def test_of_many_groups_those_below_are_never_left_out() -> None:
    many = [GroupScores(key=str(at), name=str(at), before=70, after=90) for at in range(14)]
    found = assess([*many, GROUPS[2]])
    shown = groups_shown(found)
    assert (len(shown), shown[0].group.name) == (10, "C")
    go.Figure(score_bars(found))
    go.Figure(score_bars(assess([])))
