"""Where the resources went, as parts of a whole, and what that says."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from metrics.narrative.words import say_list, say_number, say_share
from rendering.sentences import Sentence, sentence

# A pie beyond six parts is not read: the smallest become one.
MOST_PARTS = 6
REST = "rest"
# What is for no group of its own.
UNGROUPED = "none"


@dataclass(frozen=True, slots=True)
class Resource:
    """What went to one group, in any unit that is the same for all."""

    key: str
    name: str
    amount: float


@dataclass(frozen=True, slots=True)
class Slice:
    """A group's part of the whole; `share` is 0 to 1."""

    key: str
    name: str
    amount: float
    share: float


def slices_of(resources: Sequence[Resource]) -> tuple[Slice, ...]:
    """Parts of the whole in the order given; empty where nothing was spent.

    Raises ValueError for an amount below 0: what is owed is no part of a whole.
    """
    if any(one.amount < 0 for one in resources):
        raise ValueError("A part of a whole is never below 0.")
    whole = math.fsum(one.amount for one in resources)
    if not whole:
        return ()
    return tuple(Slice(one.key, one.name, one.amount, one.amount / whole) for one in resources)


def largest(slices: Sequence[Slice], *, focus: str = "") -> tuple[Slice, ...]:
    """At most six, the focused one first, then by size; the smallest become one named by its count.

    The focused one never disappears among the others.
    """
    ordered = sorted(slices, key=lambda one: (one.key != focus, -one.share))
    if len(ordered) <= MOST_PARTS:
        return tuple(ordered)
    kept, others = ordered[: MOST_PARTS - 1], ordered[MOST_PARTS - 1 :]
    name = sentence("%(n)s others", n=say_number(len(others)))
    amount = math.fsum(one.amount for one in others)
    return (*kept, Slice(REST, name, amount, math.fsum(one.share for one in others)))


def resources_finding(
    slices: Sequence[Slice], *, focus: str = "", planned: bool = False
) -> Sentence:
    """The title of the chart: the focused group's part of the whole, else the largest group's.

    What is for no group counts for the whole, but is never the one that is named.
    """
    of_groups = [one for one in slices if one.key != UNGROUPED]
    if not of_groups or not any(one.amount for one in of_groups):
        return _nothing(planned=planned)
    chosen = next((one for one in of_groups if one.key == focus), None)
    named = chosen or max(of_groups, key=lambda one: one.share)
    facts = {"name": named.name, "share": say_share(named.share)}
    if chosen is None:
        is_most = named.share >= max(one.share for one in slices)
        return _largest(facts, planned=planned, is_most=is_most)
    if planned:
        return sentence("%(name)s is to have %(share)s of the resources", **facts)
    return sentence("%(name)s had %(share)s of the resources", **facts)


def _largest(facts: dict[str, str], *, planned: bool, is_most: bool) -> Sentence:
    """`is_most` is False where more is for no group than for the one named."""
    if planned and is_most:
        return sentence("%(name)s is to have the largest part of the resources, %(share)s", **facts)
    if planned:
        return sentence(
            "Of the groups, %(name)s is to have the largest part of the resources, %(share)s",
            **facts,
        )
    if is_most:
        return sentence("%(name)s had the largest part of the resources, %(share)s", **facts)
    return sentence(
        "Of the groups, %(name)s had the largest part of the resources, %(share)s", **facts
    )


def _nothing(*, planned: bool) -> Sentence:
    if planned:
        return sentence("No work for a group has a budget yet")
    return sentence("Nothing is spent on any group yet")


def say_without(names: Sequence[str], *, planned: bool = False) -> str:
    """The groups that get nothing, by name; empty where each gets something."""
    if not names:
        return ""
    facts = {"groups": say_list(names)}
    if planned:
        return sentence("Nothing is planned for %(groups)s.", **facts)
    return sentence("Nothing was spent on %(groups)s.", **facts)
