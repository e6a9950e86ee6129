"""The numbers of a log of events as pandas computes them, with nothing of the product's."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from usage.models import FeatureUserDay, UserDay, UserSpan

NAMES = (
    *("dau", "wau", "mau", "events", "deep", "habitual"),
    *("features_tried", "features_adopted", "adopters"),
)
Days = dict[str, dict[Any, Any]]


def events(path: Path, zone: str) -> pd.DataFrame:
    table = pd.read_csv(path).drop_duplicates("message_id")
    moments = pd.to_datetime(table["timestamp"], utc=True).dt.tz_convert(zone)
    return table.assign(day=moments.dt.date)


def numbers(path: Path, zone: str, last: date) -> dict[tuple[str, date], tuple[int, ...]]:
    """(customer, day) -> the numbers in NAMES, by the usual rules."""
    found = {}
    for customer, rows in events(path, zone).groupby("customer_id"):
        calendar = pd.date_range(rows["day"].min(), last).date
        people = _seen(rows, ["user_id"], calendar)
        features = _seen(rows, ["feature"], calendar)
        both = _seen(rows, ["user_id", "feature"], calendar)
        adopted = (_days_in(both, 28) >= 3) & (_weeks_in(both) >= 2)
        columns = [
            people.sum(axis=1),
            (_days_in(people, 7) > 0).sum(axis=1),
            (_days_in(people, 28) > 0).sum(axis=1),
            rows.groupby("day").size().reindex(calendar, fill_value=0),
            (_days_in(people, 28) >= 10).sum(axis=1),
            ((_days_in(people, 28) >= 14) & (_weeks_in(people) >= 3)).sum(axis=1),
            (_days_in(features, 28) > 0).sum(axis=1),
            adopted.T.groupby(level="feature").any().sum(),
            adopted.T.groupby(level="user_id").any().sum(),
        ]
        table = pd.concat(columns, axis=1).astype(int)
        for day, *values in table.itertuples():
            found[customer, day] = tuple(values)
    return found


def user_days(path: Path, zone: str) -> Days:
    """Events a user-day and a user-day of a feature, and each user's first and last day."""
    table = events(path, zone)
    who = ["customer_id", "user_id"]
    spans = table.groupby(who)["day"].agg(["min", "max"])
    return {
        "days": table.groupby([*who, "day"]).size().to_dict(),
        "features": table.groupby([*who, "day", "feature"]).size().to_dict(),
        "spans": {key: tuple(span) for key, span in zip(spans.index, spans.values, strict=True)},
    }


def stored_days() -> Days:
    """The same from the tables."""
    who = ("customer__external_id", "end_user__external_id")
    days = UserDay.objects.values_list(*who, "day", "events")
    features = FeatureUserDay.objects.values_list(*who, "day", "feature", "events")
    spans = UserSpan.objects.values_list(*who, "first_day", "last_day")
    return {
        "days": {tuple(key): events for *key, events in days},
        "features": {tuple(key): events for *key, events in features},
        "spans": {tuple(key): (first, last) for *key, first, last in spans},
    }


def _seen(rows: pd.DataFrame, keys: list[str], calendar: Any) -> pd.DataFrame:
    """A column for each key, a row for each day of the calendar: 1 where it was seen."""
    pairs = rows.drop_duplicates([*keys, "day"]).assign(seen=1)
    table = pairs.pivot_table(index="day", columns=keys, values="seen", aggfunc="max")
    return table.reindex(calendar).fillna(0).astype(int)


def _days_in(seen: pd.DataFrame, window: int) -> pd.DataFrame:
    return seen.rolling(window, min_periods=1).sum()


def _weeks_in(seen: pd.DataFrame) -> pd.DataFrame:
    """In how many of the four blocks of seven days back from each day."""
    week = (_days_in(seen, 7) > 0).astype(int)
    return sum(week.shift(back, fill_value=0) for back in (0, 7, 14, 21))
