"""What cannot hold in an agreement, in sentences."""

from collections.abc import Iterable, Sequence
from datetime import date

from metrics.definitions.agreed import Baseline, Milestone, Target
from metrics.definitions.counting import (
    EARLIEST,
    LONGEST,
    Definition,
    is_plausible,
    say_limits,
)
from rendering.sentences import Sentence, sentence


def missing_parts(
    *, quality: str, amount: float | None, deadline: date | None
) -> tuple[Sentence, ...]:
    """The parts a well-formed target still lacks, in words: what, how much, by when."""
    parts = (
        (sentence("what is to be reached (quality)"), bool(quality.strip())),
        (sentence("how much (quantity)"), amount is not None),
        (sentence("by when (deadline)"), deadline is not None),
    )
    return tuple(name for name, given in parts if not given)


def contradictions(
    definition: Definition, baseline: Baseline, target: Target, milestones: Iterable[Milestone]
) -> tuple[Sentence, ...]:
    """What cannot hold in an agreement, one sentence each; empty when it is sound."""
    goals = tuple(milestones)
    found = _implausible(baseline, target, goals) or _target_faults(definition, baseline, target)
    for milestone in goals:
        found += _milestone_faults(milestone, baseline, target)
    return tuple(found)


def _implausible(
    baseline: Baseline, target: Target, milestones: Sequence[Milestone]
) -> list[Sentence]:
    amounts = (baseline.amount, target.amount, *(goal.amount for goal in milestones))
    faults = []
    if not all(is_plausible(amount) for amount in amounts):
        faults.append(sentence("An amount is too large to be meant."))
    if baseline.day < EARLIEST:
        faults.append(sentence("The baseline is dated before %(year)s.", year=EARLIEST.year))
    if target.deadline - baseline.day > LONGEST:
        faults.append(sentence("The deadline is more than ten years after the baseline."))
    return faults


def _target_faults(definition: Definition, baseline: Baseline, target: Target) -> list[Sentence]:
    faults = []
    if target.amount == baseline.amount:
        faults.append(sentence("The target equals the baseline, so there is nothing to reach."))
    elif definition.meets(baseline.amount, target.amount):
        faults.append(_wrong_way(definition))
    elif definition.within_limits(target.amount) != target.amount:
        faults.append(
            sentence("The target cannot occur: %(limits)s.", limits=say_limits(definition))
        )
    if target.deadline <= baseline.day:
        faults.append(sentence("The deadline is not after the day of the baseline."))
    return faults


def _wrong_way(definition: Definition) -> Sentence:
    if definition.rising:
        return sentence("The target lies below the baseline, and this measure is rising.")
    return sentence("The target lies above the baseline, and this measure is falling.")


def _milestone_faults(milestone: Milestone, baseline: Baseline, target: Target) -> list[Sentence]:
    faults = []
    if not baseline.day < milestone.day <= target.deadline:
        faults.append(
            sentence(
                "“%(name)s” is not between the baseline and the deadline.", name=milestone.name
            )
        )
    low, high = sorted((baseline.amount, target.amount))
    if not low <= milestone.amount <= high:
        faults.append(
            sentence(
                "“%(name)s” is not between the baseline amount and the target.", name=milestone.name
            )
        )
    return faults
