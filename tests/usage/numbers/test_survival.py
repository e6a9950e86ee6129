"""The product limit against a published example and against fractions."""

from fractions import Fraction
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usage.numbers.plainly import product_limit
from usage.numbers.survival import HAIR, Z95, greenwood, survival

# Weeks in remission under 6-mercaptopurine (Freireich and others 1963), the usual example: a plus
# is somebody cut off.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
SPANS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=40)


def test_the_published_example():
    weeks = [int(word.rstrip("+")) for word in REMISSION.split()]
    found = survival(weeks, ["+" not in word for word in REMISSION.split()])
    assert found.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert found.surviving.round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    errors = found.surviving * greenwood(found.at_risk, found.happened) ** 0.5
    assert errors.round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert found.low.round(3).tolist() == [0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188]
    assert found.high.round(3).tolist() == [0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680]
    assert (found.time_of(0.5), found.range_of(0.5)) == (23, (13, None))
    assert (found.size, found.seen) == (21, 9)
    assert [found.at(5), found.at(6)] == [1.0, pytest.approx(18 / 21)]


@given(SPANS)
def test_the_curve_equals_the_definition(spans: list[tuple[int, bool]]):
    found = survival([span for span, _ in spans], [done for _, done in spans])
    wanted = product_limit(spans)
    assert found.times.tolist() == [time for time, *_ in wanted]
    assert found.at_risk.tolist() == [at_risk for _, at_risk, *_ in wanted]
    assert found.happened.tolist() == [happened for _, _, happened, _ in wanted]
    assert found.surviving == pytest.approx([float(left) for *_, left in wanted])
    half = [time for time, *_, left in wanted if left <= Fraction(1, 2)]
    assert found.time_of(0.5) == (half[0] if half else None)


@given(SPANS)
def test_the_range_holds_the_curve_and_follows_greenwood(spans: list[tuple[int, bool]]):
    found = survival([span for span, _ in spans], [done for _, done in spans])
    assert (found.low <= found.surviving + HAIR).all()
    assert (found.surviving <= found.high + HAIR).all()
    variance = Fraction(0)
    for place, (_, at_risk, happened, left) in enumerate(product_limit(spans)):
        if at_risk > happened:
            variance += Fraction(happened, at_risk * (at_risk - happened))
            spread = Z95 * sqrt(variance) / abs(log(left))
            assert found.low[place] == pytest.approx(float(left) ** exp(spread))
            assert found.high[place] == pytest.approx(float(left) ** exp(-spread))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40))
def test_with_nobody_cut_off_it_is_the_plain_share(spans: list[int]):
    found = survival(spans, [True] * len(spans))
    left = [sum(span > time for span in spans) / len(spans) for time in found.times.tolist()]
    assert found.surviving == pytest.approx(left)
