import pytest

from metrics.growth import Account, LeftOut, engagement_percentile, growth


def account(key: str, seats: float, then: float | None, now: float | None, version: int = 1):
    return Account(key=key, seats=seats, then=then, now=now, now_version=version)


def test_growth_weighs_by_seats_and_counts_one_definition_only() -> None:
    found = growth(
        [
            account("a", 900, 0.2, 0.3),
            account("b", 100, 0.1, 0.9),
            account("c", 500, 0.1, 0.9, version=2),
            account("d", 500, None, 0.9),
            account("e", 0, 0.1, 0.9),
        ]
    )
    assert found.difference == pytest.approx(0.17)
    assert (found.counted, found.seats) == (("a", "b"), 1000)
    assert dict(found.left_out) == {
        "c": LeftOut.OTHER_VERSION,
        "d": LeftOut.NOT_READ,
        "e": LeftOut.NO_SEATS,
    }
    assert growth([]).difference is None


def test_a_percentile_is_among_peers_and_nothing_below_one_action_a_day() -> None:
    peers = [14, 28, 140, 280, 1400]
    assert engagement_percentile(280, peers) == 70
    assert engagement_percentile(9999, peers) == 100
    assert engagement_percentile(13, peers) == 0
    assert engagement_percentile(280, peers[:4]) is None
