"""The numbers of a real log, held against pandas in three time zones.

All three change their clocks in the years of the log: New York at two in the night, São Paulo at
midnight, Lord Howe by half an hour.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from tests.paths import ROOT
from usage.activity import local_days
from usage.numbers.activation import FirstValue, reached_days
from usage.numbers.active import active_days, active_series, dau_mau
from usage.numbers.features import feature_adoption
from usage.numbers.retention import retention
from usage.numbers.use import FeatureUse, Use

LOG = ROOT / "tests" / "data" / "usage" / "product_usage.csv.gz"
ZONES = ("America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe")
DAY = pd.Timedelta(days=1)


@dataclass
class Read:
    """One customer's log as pandas sees it, and as ours: `customer`, `user`, `feature`, `date`."""

    frame: pd.DataFrame
    ours: FeatureUse
    first: int
    last: int

    @property
    def use(self) -> Use:
        return self.ours.of_feature(None)


@pytest.fixture(scope="module", params=ZONES)
def customers(request: pytest.FixtureRequest) -> list[Read]:
    log = pd.read_csv(LOG).drop_duplicates("message_id")
    moments = pd.to_datetime(log["timestamp"], utc=True)
    log["date"] = moments.dt.tz_convert(request.param).dt.tz_localize(None).dt.normalize()
    log["day"] = local_days(moments.astype("datetime64[us, UTC]").astype(np.int64).to_numpy(), request.param)  # fmt: skip
    log["user"], log["part"] = pd.factorize(log["user_id"])[0], pd.factorize(log["feature"])[0]
    return [read(frame) for _, frame in log.sample(frac=1, random_state=7).groupby("customer_id")]


def read(frame: pd.DataFrame) -> Read:
    columns = (frame[name].to_numpy() for name in ("user", "part", "day"))
    return Read(frame, FeatureUse.of(*columns), frame["day"].min(), frame["day"].max())


def daily(own: Read) -> pd.DataFrame:
    """Whether each user was there on each calendar day, without gaps."""
    table = pd.crosstab(own.frame["date"], own.frame["user"]).gt(0).astype(float)
    return table.reindex(pd.date_range(table.index.min(), table.index.max()), fill_value=0.0)


def test_active_users_of_every_day(customers: list[Read]) -> None:
    compared = 0
    for own in customers:
        table = daily(own)
        found = active_series(own.use, own.first, own.last)
        for counts, window in zip(found, (1, 7, 28), strict=True):
            wanted = table.rolling(window, min_periods=1).max().sum(axis=1)
            assert counts.tolist() == wanted.astype(int).tolist()
            compared += len(counts)
    assert compared > 60_000


def test_ratio_and_active_days_of_the_last_28(customers: list[Read]) -> None:
    for own in customers:
        window = daily(own).tail(28)
        days = window.sum()[lambda sums: sums > 0].astype(int)
        found = active_days(own.use, day=own.last)
        assert dict(zip(found.users, found.days, strict=True)) == days.to_dict()
        ratio = window.to_numpy().sum() / 28 / len(days)
        assert dau_mau(own.use, day=own.last).value == pytest.approx(ratio)


def test_weekly_retention_of_every_cohort(customers: list[Read]) -> None:
    for own in customers:
        weeks = own.frame["date"].dt.to_period("W-SUN").dt.start_time
        came = own.frame.assign(week=weeks).drop_duplicates(["user", "week"])
        came["begun"] = came.groupby("user")["week"].transform("min")
        came["number"] = (came["week"] - came["begun"]) // (7 * DAY)
        classic = came.groupby(["begun", "number"])["user"].nunique().to_dict()
        furthest = came.groupby(["begun", "user"])["number"].max()
        for cohort in retention(own.use, closed=own.last).cohorts:
            begun = pd.Timestamp(cohort.first, unit="D")
            numbers = range(len(cohort.classic))
            wanted = [classic.get((begun, number), 0) for number in numbers]
            assert [share.count for share in cohort.classic] == wanted
            latest = furthest.loc[begun].to_numpy()
            stayed = [int((latest >= number).sum()) for number in numbers]
            assert [share.count for share in cohort.rolling] == stayed


def test_features_tried_and_adopted_in_the_busiest_four_weeks(customers: list[Read]) -> None:
    adopted = 0
    for own in customers:
        last = int(own.frame["day"].value_counts().index[0]) + 14
        inside = own.frame[(own.frame["day"] <= last) & (own.frame["day"] > last - 28)]
        ago = (pd.Timestamp(last, unit="D") - inside["date"]) // (7 * DAY)
        uses = inside.assign(week=ago).groupby(["part", "user"]).agg({"date": "nunique", "week": "nunique"})  # fmt: skip
        kept = uses[(uses["date"] >= 3) & (uses["week"] >= 2)]
        everybody = {part: own.use.users.tolist() for part in own.frame["part"].unique()}
        for one in feature_adoption(own.ours, everybody, day=last):
            for share, table in ((one.tried, uses), (one.adopted, kept)):
                users = [u for part, u in table.index if part == one.feature]
                assert share.users == tuple(sorted(users))
        adopted += len(kept)
    assert adopted > 50


def test_the_day_of_the_third_use(customers: list[Read]) -> None:
    for own in customers:
        ordered = own.frame.sort_values("date")
        third = ordered[ordered.groupby("user").cumcount() == 2]
        wanted = dict(zip(third["user"], third["day"], strict=True))
        assert reached_days(own.ours, FirstValue(uses=3)) == wanted
