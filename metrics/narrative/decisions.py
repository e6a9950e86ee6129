"""What a decision paper says: with and without, the cost, and later what came of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from metrics.definitions import Definition
from metrics.narrative.words import (
    say_change,
    say_day,
    say_days,
    say_list,
    say_number,
    say_quantity,
)
from metrics.papers import (
    Cost,
    Effect,
    Forecast,
    MeasureChange,
    MeasureForecast,
    Outcome,
    Review,
)
from rendering.formats import current
from rendering.sentences import Sentence, sentence

OUTCOMES = {
    Outcome.APPROVED: sentence("approved"),
    Outcome.LIVE_WITH_IT: sentence("live with it"),
    Outcome.ALTERNATIVE: sentence("negotiated alternative"),
}


def say_money(amount: Decimal, currency: str) -> str:
    """Money without its small coins, in the formats in force."""
    return current().money(float(amount), currency, cents=False)


def say_cost(cost: Cost) -> str:
    """What an option takes: €7,800, 12 days of work, a coach."""
    parts: list[str] = []
    if cost.money:
        parts.append(say_money(cost.money, cost.currency))
    if cost.work_days:
        decimals = 0 if cost.work_days == int(cost.work_days) else 1
        parts.append(_say_work(say_number(cost.work_days, decimals)))
    parts += cost.resources
    if not parts:
        return sentence("no cost")
    return say_list(parts)


def _say_work(days: str) -> Sentence:
    return sentence("1 day of work") if days == "1" else sentence("%(n)s days of work", n=days)


def say_forecast(forecast: Forecast, *, today: date) -> str:
    """The forecast finish, with its range where it has one; empty when it is not known."""
    if forecast.finish is None:
        return ""
    first = say_day(forecast.finish, today=today)
    latest = forecast.finish_latest
    if latest is None or latest <= forecast.finish:
        return first
    return sentence("%(first)s to %(last)s", first=first, last=say_day(latest, today=today))


def say_measure(definition: Definition, found: MeasureForecast, *, today: date) -> str:
    """What a measure is expected to be, and by when: 480 people by 18 December."""
    amount = say_quantity(definition, round(found.amount, definition.decimals))
    if found.day is None:
        return amount
    return sentence("%(amount)s by %(day)s", amount=amount, day=say_day(found.day, today=today))


def say_new_target(definition: Definition, change: MeasureChange, *, today: date) -> str:
    """What of the target an option moves: target 500 people by 18 December; empty when nothing."""
    day = "" if change.deadline is None else say_day(change.deadline, today=today)
    if change.amount is None:
        return sentence("target by %(day)s", day=day) if day else ""
    amount = say_quantity(definition, change.amount)
    if not day:
        return sentence("target %(amount)s", amount=amount)
    return sentence("target %(amount)s by %(day)s", amount=amount, day=day)


def say_pace(definition: Definition, change: MeasureChange) -> str:
    """What the author of an option expects of it: +3 people a week; empty when nothing."""
    if change.pace is None:
        return ""
    pace = change.pace if definition.rising else -change.pace
    amount = say_change(definition, 0.0, pace)
    if definition.unit == "%":
        return sentence("%(change)s a week", change=amount)
    return sentence("%(change)s %(unit)s a week", change=amount, unit=definition.unit)


def say_effect(
    found: Effect, *, currency: str, measures: Mapping[str, Definition]
) -> tuple[Sentence, ...]:
    """What an option changes against doing nothing, a clause each; empty when nothing is known."""
    return (*_say_time(found), *_say_spent(found, currency), *_say_measures(found, measures))


def _say_time(found: Effect) -> Iterable[Sentence]:
    if found.days_earlier is None:
        return
    if found.days_earlier > 0:
        yield sentence("finished %(days)s earlier", days=say_days(found.days_earlier))
    elif found.days_earlier < 0:
        yield sentence("finished %(days)s later", days=say_days(-found.days_earlier))
    else:
        yield sentence("finished on the same day")


def _say_spent(found: Effect, currency: str) -> Iterable[Sentence]:
    if found.money is None:
        return
    if found.money > 0:
        yield sentence("%(money)s more at the finish", money=say_money(found.money, currency))
    elif found.money < 0:
        yield sentence("%(money)s less at the finish", money=say_money(-found.money, currency))
    else:
        yield sentence("the same cost at the finish")


def _say_measures(found: Effect, measures: Mapping[str, Definition]) -> Iterable[Sentence]:
    for one in found.measures:
        definition = measures.get(one.key)
        if definition is not None and one.difference:
            difference = round(one.difference, definition.decimals)
            change = say_change(definition, 0.0, difference)
            yield sentence("%(measure)s %(change)s", measure=definition.label, change=change)


def say_review(found: Review, *, currency: str) -> Sentence:
    """A forecast against what happened, in one sentence."""
    if not found.is_known:
        return sentence("What came of it is not known yet")
    parts = [*_say_lateness(found), *_say_overrun(found, currency), *_say_misses(found)]
    return sentence("Against the forecast: %(parts)s", parts=say_list(parts))


def _say_lateness(found: Review) -> Iterable[Sentence]:
    if found.days_late is None:
        return
    if found.days_late > 0:
        yield sentence("%(days)s late", days=say_days(found.days_late))
    elif found.days_late < 0:
        yield sentence("%(days)s early", days=say_days(-found.days_late))
    else:
        yield sentence("on the day")


def _say_overrun(found: Review, currency: str) -> Iterable[Sentence]:
    if found.money_over is None:
        return
    money = say_money(abs(found.money_over), currency)
    if found.money_over > 0:
        yield sentence("%(money)s dearer", money=money)
    elif found.money_over < 0:
        yield sentence("%(money)s cheaper", money=money)
    else:
        yield sentence("at the cost forecast")


def _say_misses(found: Review) -> Iterable[Sentence]:
    if not found.measures:
        return
    worse = sum(one.is_worse for one in found.measures)
    if worse:
        yield sentence(
            "measures below forecast: %(worse)s of %(n)s",
            worse=worse,
            n=len(found.measures),
        )
    else:
        yield sentence("every measure at or beyond what was forecast")
