"""Facts and forecasts as they are kept when a paper is sent, and read again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from metrics.definitions import Direction
from metrics.papers.forecasts import Forecast, MeasureChange, MeasureForecast
from metrics.papers.paper import Fact
from rendering.sentences import sentence_from_json, sentence_to_json


def forecast_to_json(forecast: Forecast) -> dict[str, Any]:
    """A forecast as it is kept: days as ISO dates, money as text, so that nothing is rounded."""
    return {
        "finish": _day_text(forecast.finish),
        "finish_latest": _day_text(forecast.finish_latest),
        "money": None if forecast.money is None else str(forecast.money),
        "measures": [
            {
                "key": one.key,
                "amount": one.amount,
                "direction": one.direction.value,
                "day": _day_text(one.day),
                "target": one.target,
            }
            for one in forecast.measures
        ],
    }


def forecast_from_json(stored: Mapping[str, Any]) -> Forecast:
    """The forecast that was kept; of an empty one nothing is known."""
    money = stored.get("money")
    return Forecast(
        finish=_day(stored.get("finish")),
        finish_latest=_day(stored.get("finish_latest")),
        money=None if money is None else Decimal(money),
        measures=tuple(
            MeasureForecast(
                one["key"],
                one["amount"],
                Direction(one["direction"]),
                _day(one.get("day")),
                one.get("target"),
            )
            for one in stored.get("measures", ())
        ),
    )


def change_to_json(change: MeasureChange) -> dict[str, Any]:
    return {
        "key": change.key,
        "pace": change.pace,
        "amount": change.amount,
        "deadline": _day_text(change.deadline),
    }


def change_from_json(stored: Mapping[str, Any]) -> MeasureChange:
    day = _day(stored["deadline"])
    return MeasureChange(stored["key"], stored["pace"], stored["amount"], day)


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """A fact as it is kept, still sayable in other languages."""
    return {
        "text": sentence_to_json(fact.text),
        "as_of": fact.as_of.isoformat(),
        "source": sentence_to_json(fact.source),
    }


def fact_from_json(stored: Mapping[str, Any]) -> Fact:
    return Fact(
        text=sentence_from_json(stored["text"]),
        as_of=date.fromisoformat(stored["as_of"]),
        source=sentence_from_json(stored["source"]),
    )


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
