"""A decision paper in words, in the language in force: what page, PDF and API say alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from metrics.definitions import Definition
from metrics.narrative.decisions import (
    say_cost,
    say_effect,
    say_forecast,
    say_measure,
    say_money,
    say_new_target,
    say_pace,
    say_review,
)
from metrics.papers import Forecast, MeasureForecast
from metrics.queries.papers import OptionView, PaperView
from rendering.translation import translated


@dataclass(frozen=True, slots=True)
class ToldOption:
    id: UUID
    name: str
    cost: str
    finish: str
    money: str
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldForecast:
    """What a measure is expected to be; `target` is said where it is another one than agreed, and
    `pace` where the option is expected to move the measure faster."""

    amount: str
    target: str = ""
    pace: str = ""


@dataclass(frozen=True, slots=True)
class ToldMeasure:
    """A measure that some option changes: with each of the options, and without any."""

    key: str
    name: str
    without: ToldForecast
    options: tuple[ToldForecast, ...]


@dataclass(frozen=True, slots=True)
class ToldMiss:
    """A measure as it was forecast when it was decided, and as it is or is expected now."""

    name: str
    expected: str
    now: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class ToldPaper:
    """`finding` names what the recommended option changes; `without` is what happens otherwise."""

    finding: str
    finish: str
    money: str
    options: tuple[ToldOption, ...]
    measures: tuple[ToldMeasure, ...]
    review: str
    expected_finish: str
    expected_money: str
    now_finish: str
    now_money: str
    misses: tuple[ToldMiss, ...]


def told(view: PaperView, *, today: date) -> ToldPaper:
    options = tuple(_option(one, view, today) for one in view.options)
    return ToldPaper(
        finding=_finding(options),
        finish=_finish(view.value.without, today),
        money=_money(view.value.without, view),
        options=options,
        measures=tuple(_measures(view, today)),
        review=translated(say_review(view.review, currency=view.currency)) if view.review else "",
        expected_finish=_finish(view.expected, today),
        expected_money=_money(view.expected, view),
        now_finish=_finish(view.now, today),
        now_money=_money(view.now, view),
        misses=tuple(_misses(view, today)),
    )


def _finding(options: tuple[ToldOption, ...]) -> str:
    if not options:
        return _("No option to decide on yet")
    first = options[0]
    if not first.effects:
        return _("%(option)s: no forecast says what it changes") % {"option": first.name}
    words = {"option": first.name, "effects": ", ".join(first.effects)}
    return _("%(option)s: %(effects)s") % words


def _option(one: OptionView, view: PaperView, today: date) -> ToldOption:
    effects = say_effect(one.effect, currency=view.currency, measures=view.names)
    return ToldOption(
        id=one.id,
        name=one.value.name,
        cost=translated(say_cost(one.value.cost)),
        finish=_finish(one.value.forecast, today),
        money=_money(one.value.forecast, view),
        effects=tuple(translated(effect) for effect in effects),
    )


def _measures(view: PaperView, today: date) -> Iterable[ToldMeasure]:
    """Those that an option changes, in the order of the options."""
    keys = dict.fromkeys(change.key for one in view.options for change in one.changes)
    for key in keys:
        definition = view.names.get(key)
        if definition is not None:
            without = view.value.without.measure(key)
            yield ToldMeasure(
                key=key,
                name=translated(definition.label),
                without=ToldForecast(_amount(definition, without, today)),
                options=tuple(_with(one, key, definition, today) for one in view.options),
            )


def _with(
    option: OptionView,
    key: str,
    definition: Definition,
    today: date,
) -> ToldForecast:
    found = option.value.forecast.measure(key)
    change = next((one for one in option.changes if one.key == key), None)
    target = pace = ""
    if change is not None:
        pace = translated(say_pace(definition, change))
        target = translated(say_new_target(definition, change, today=today))
    return ToldForecast(_amount(definition, found, today), target, pace)


def _amount(definition: Definition, found: MeasureForecast | None, today: date) -> str:
    return "–" if found is None else translated(say_measure(definition, found, today=today))


def _misses(view: PaperView, today: date) -> Iterable[ToldMiss]:
    for one in view.review.measures if view.review else ():
        definition, promised = view.names.get(one.key), view.expected.measure(one.key)
        if definition is not None and promised is not None:
            came = MeasureForecast(one.key, one.happened)
            yield ToldMiss(
                name=translated(definition.label),
                expected=_amount(definition, promised, today),
                now=_amount(definition, came, today),
                is_worse=one.is_worse,
            )


def _finish(forecast: Forecast, today: date) -> str:
    return translated(say_forecast(forecast, today=today)) or "–"


def _money(forecast: Forecast, view: PaperView) -> str:
    return "–" if forecast.money is None else say_money(forecast.money, view.currency)
