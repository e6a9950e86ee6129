"""Where the resources went, as parts of a whole, and what that says."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from metrics.narrative.words import say_number, say_share
from rendering.sentences import Sentence, sentence

# A pie beyond six parts is not read: the smallest become one.
MOST_PARTS = 6
REST = "rest"


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


def resources_finding(slices: Sequence[Slice], *, focus: str = "") -> Sentence:
    """The title of the chart: the focused group's part, else the largest."""
    if not slices:
        return sentence("Nothing is spent on any group yet")
    chosen = next((one for one in slices if one.key == focus), None)
    if chosen is not None:
        return sentence(
            "%(name)s had %(share)s of the resources",
            name=chosen.name,
            share=say_share(chosen.share),
        )
    top = max(slices, key=lambda one: one.share)
    return sentence(
        "%(name)s had the largest part of the resources, %(share)s",
        name=top.name,
        share=say_share(top.share),
    )
