"""The network of a plan as circles and arrows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

from adoption.queries.networks import NetworkJoin, NetworkStep, NetworkView
from rendering.diagram import Network, NetworkEdge, NetworkNode
from rendering.diagram import network as draw


@dataclass(frozen=True, slots=True)
class NetworkWords:
    """What the drawing says, so that the caller can translate it."""

    title: str
    lead: str
    state: Callable[[NetworkStep], str]
    says: Callable[[NetworkStep], str]
    arrow: Callable[[NetworkJoin], str]


def network(
    shown: NetworkView,
    *,
    words: NetworkWords,
    address: Callable[[NetworkStep], str],
    zoom: float = 1.0,
) -> Network:
    """Steps as circles with their outline numbers, joins as arrows with what they leave."""
    edges = [
        NetworkEdge(
            before=str(join.before),
            after=str(join.after),
            words=words.arrow(join),
            critical=join.critical,
            past=join.past,
        )
        for join in shown.joins
    ]
    chosen = shown.why.id if shown.why else None
    nodes = [
        _node(step, words, href=address(step), chosen=step.id == chosen) for step in shown.steps
    ]
    return draw(nodes, edges, title=words.title, lead=words.lead, zoom=zoom)


def _node(step: NetworkStep, words: NetworkWords, *, href: str, chosen: bool) -> NetworkNode:
    return NetworkNode(
        key=str(step.id),
        number=step.outline,
        name=step.name,
        words=words.state(step),
        says=words.says(step),
        state=cast(Literal["todo", "done", "critical", "near"], step.state),
        ends=step.ends,
        chosen=chosen,
        href=href,
    )
