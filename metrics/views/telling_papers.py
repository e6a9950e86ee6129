"""A decision paper in words, in the language of the page: what templates show as it is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from metrics.narrative.decisions import (
    say_cost,
    say_effect,
    say_forecast,
    say_money,
    say_review,
)
from metrics.papers import Forecast
from metrics.queries import OptionView, PaperView
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
class ToldPaper:
    """`finding` names what the recommended option changes; `without` is what happens otherwise."""

    finding: str
    finish: str
    money: str
    options: tuple[ToldOption, ...]
    review: str
    expected_finish: str
    expected_money: str
    now_finish: str
    now_money: str


def told(view: PaperView, *, today: date) -> ToldPaper:
    options = tuple(_option(one, view, today) for one in view.options)
    return ToldPaper(
        finding=_finding(options),
        finish=_finish(view.value.without, today),
        money=_money(view.value.without, view),
        options=options,
        review=translated(say_review(view.review, currency=view.currency)) if view.review else "",
        expected_finish=_finish(view.expected, today),
        expected_money=_money(view.expected, view),
        now_finish=_finish(view.now, today),
        now_money=_money(view.now, view),
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


def _finish(forecast: Forecast, today: date) -> str:
    return translated(say_forecast(forecast, today=today)) or "–"


def _money(forecast: Forecast, view: PaperView) -> str:
    return "–" if forecast.money is None else say_money(forecast.money, view.currency)
