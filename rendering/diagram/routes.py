"""How a dependency runs from one bar to another without crossing either."""

from __future__ import annotations

from dataclasses import dataclass

_STEP = 4.0
_HALF_BAR = 9.0


@dataclass(frozen=True, slots=True)
class Place:
    """A drawn bar: its two ends and the height of its middle."""

    left: float
    right: float
    middle: float


def route(before: Place, after: Place, kind: str) -> str:
    """The path of a link, from the end it leaves to the end it reaches."""
    if kind == "FS":
        return _finish_to_start(before, after)
    if kind == "SS":
        turn = min(before.left, after.left) - _STEP
        return _path((before.left, before.middle), (turn, after.middle), after.left - 1)
    if kind == "FF":
        turn = max(before.right, after.right) + _STEP
        return _path((before.right, before.middle), (turn, after.middle), after.right + 1)
    return _around(
        (before.left, before.middle), -_STEP, (after.right + _STEP, after.right + 1), after.middle
    )


def _finish_to_start(before: Place, after: Place) -> str:
    turn = before.right + _STEP
    if after.left - _STEP <= turn <= max(after.right, after.left + _STEP):
        edge = _HALF_BAR if after.middle < before.middle else -_HALF_BAR
        return (
            f"M{pixel(before.right)} {pixel(before.middle)}H{pixel(turn)}"
            f"V{pixel(after.middle + edge)}"
        )
    if turn < after.left:
        return _path((before.right, before.middle), (turn, after.middle), after.left - 1)
    return _around(
        (before.right, before.middle), _STEP, (after.left - _STEP, after.left - 1), after.middle
    )


def _path(start: tuple[float, float], turn: tuple[float, float], end: float) -> str:
    return f"M{pixel(start[0])} {pixel(start[1])}H{pixel(turn[0])}V{pixel(turn[1])}H{pixel(end)}"


def _around(start: tuple[float, float], out: float, end: tuple[float, float], middle: float) -> str:
    """Through the gap beside the first bar's row, back to an end that lies behind."""
    gap = start[1] + (20 if middle > start[1] else -20)
    return (
        f"M{pixel(start[0])} {pixel(start[1])}H{pixel(start[0] + out)}V{pixel(gap)}"
        f"H{pixel(end[0])}V{pixel(middle)}H{pixel(end[1])}"
    )


def pixel(value: float) -> str:
    """One decimal at most, always with a point, whatever the language."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")
