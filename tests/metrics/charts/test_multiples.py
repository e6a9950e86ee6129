from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from metrics.charts import multiple
from metrics.definitions import Baseline, Target
from metrics.narrative.story import report
from tests.metrics.measures import BASELINE, TARGET, make_measure, rising, turned


def test_the_line_ends_in_the_state_between_baseline_and_target() -> None:
    drawn = multiple(report(turned()))
    assert drawn.path.startswith("M4 ")
    assert (drawn.end_x, drawn.state) == ("252", "act")
    assert drawn.target is not None
    assert drawn.baseline is not None
    assert float(drawn.target.y) < float(drawn.end_y) < float(drawn.baseline.y)
    assert (drawn.first, drawn.last) == ("2 Sep", "18 Nov")
    assert drawn.described.endswith("; from 13 to 480")


def test_words_of_close_levels_stand_apart_also_for_a_falling_measure() -> None:
    near = replace(rising(5), baseline=Baseline(470, BASELINE.day), target=replace(TARGET))
    falling = replace(
        rising(5), baseline=Baseline(500, BASELINE.day), target=Target("x", 490, TARGET.deadline)
    )
    for measure in (near, falling):
        drawn = multiple(report(measure))
        gap = float(drawn.baseline.words_y) - float(drawn.target.words_y)
        assert abs(gap) >= 14
        assert (gap > 0) == (float(drawn.baseline.y) > float(drawn.target.y))


def test_without_readings_or_agreement_there_is_still_a_frame() -> None:
    empty = multiple(report(make_measure()))
    assert (empty.path, empty.end_x, empty.first, empty.last) == ("", "", "", "")
    bare = multiple(report(replace(rising(), target=None, baseline=None)))
    assert (bare.target, bare.baseline) == (None, None)


@pytest.mark.parametrize("measure", [turned(), make_measure(target=None)], ids=["full", "bare"])
def test_the_template_draws_it_with_its_words(measure) -> None:
    drawn = multiple(report(measure))
    html = render_to_string("metrics/_multiple.html", {"drawn": drawn, "name": "A & B", "id": "m1"})
    assert '<title id="m1-title">A &amp; B</title>' in html
    assert drawn.described in html
    assert ("target 480" in html) == (measure.target is not None)
