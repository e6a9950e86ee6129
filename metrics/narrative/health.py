"""What a health score says: how well, by what, and how much of it is known."""

from collections.abc import Mapping

from metrics.narrative.words import say_list, say_number, say_share, say_span
from metrics.scoring import ABSENCE_WORDS, Health, HealthChange, Part
from rendering.sentences import Sentence, sentence

# A change of less than this many points is no news.
LEAST_CHANGE = 1.0
# Of many that are left out, as many are named as somebody reads.
MOST_NAMED = 5


def say_points(points: float) -> str:
    """Points as they are shown everywhere: whole."""
    return say_number(points)


def whole_change(difference: float) -> int:
    """A change in whole points, none where it is no news."""
    return 0 if abs(difference) < LEAST_CHANGE else round(difference)


def health_finding(health: Health, names: Mapping[str, str]) -> Sentence:
    """The title of the chart: the score and the measure that costs most of it."""
    if health.value is None:
        return sentence("No measure has a score yet")
    value, worst = say_points(health.value), health.costliest
    if worst is None or round(worst.lost) < 1:
        return sentence(
            "Health is %(value)s of 100: every measure is where it should be", value=value
        )
    if len(health.counted) == 1:
        return sentence(
            "Health is %(value)s of 100, by %(measure)s alone",
            value=value,
            measure=names[worst.key],
        )
    return sentence(
        "Health is %(value)s of 100; %(measure)s takes %(lost)s of the %(missing)s points missing",
        value=value,
        measure=names[worst.key],
        lost=say_points(worst.lost),
        missing=say_points(100 - health.value),
    )


def say_coverage(health: Health, names: Mapping[str, str]) -> str:
    """How much of the weight the score speaks for, and what it leaves out; empty when all of it."""
    if not health.left_out:
        return ""
    share, missing = say_share(health.coverage), _say_missing(health, names)
    if health.is_thin:
        return sentence(
            "It speaks for %(share)s of the weight only. Left out: %(missing)s.",
            share=share,
            missing=missing,
        )
    return sentence(
        "It speaks for %(share)s of the weight. Left out: %(missing)s.",
        share=share,
        missing=missing,
    )


def _say_missing(health: Health, names: Mapping[str, str]) -> str:
    named = [_say_absent(part, names) for part in health.left_out[:MOST_NAMED]]
    more = len(health.left_out) - len(named)
    return say_list([*named, *([sentence("%(n)s more", n=say_number(more))] if more else [])])


def _say_absent(part: Part, names: Mapping[str, str]) -> str:
    if part.absence is None:
        return names[part.key]
    return sentence(
        "%(measure)s (%(reason)s)", measure=names[part.key], reason=ABSENCE_WORDS[part.absence]
    )


def say_part(part: Part, names: Mapping[str, str]) -> str:
    """One part as a sentence: its weight, its score and what it brings."""
    if part.score is None:
        return _say_absent(part, names)
    return sentence(
        "%(measure)s: %(score)s of 100, weight %(weight)s of all that is known, "
        "brings %(points)s points",
        measure=names[part.key],
        score=say_points(part.score),
        weight=say_share(part.share),
        points=say_points(part.points),
    )


def say_change(change: HealthChange, names: Mapping[str, str], *, days: int) -> Sentence:
    """How the score moved in some days; a measure is named only where the same was counted."""
    facts = {"points": say_points(abs(change.difference)), "span": say_span(days)}
    if abs(change.difference) < LEAST_CHANGE:
        return sentence("level for %(span)s", span=facts["span"])
    first = change.parts[0] if change.parts else None
    rose = change.difference > 0
    if not change.is_like or first is None or first.difference * change.difference <= 0:
        if change.is_like:
            return _say_moved(rose, facts)
        return _say_unlike(rose, facts)
    facts["measure"] = names[first.key]
    facts["part"] = say_points(abs(first.difference))
    if rose:
        return sentence("up %(points)s in %(span)s; %(measure)s brought %(part)s of them", **facts)
    return sentence("down %(points)s in %(span)s; %(measure)s took %(part)s of them", **facts)


def _say_moved(rose: bool, facts: Mapping[str, str]) -> Sentence:
    if rose:
        return sentence("up %(points)s in %(span)s", **facts)
    return sentence("down %(points)s in %(span)s", **facts)


def _say_unlike(rose: bool, facts: Mapping[str, str]) -> Sentence:
    if rose:
        return sentence("up %(points)s in %(span)s, but other measures are counted now", **facts)
    return sentence("down %(points)s in %(span)s, but other measures are counted now", **facts)
