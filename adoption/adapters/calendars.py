"""Calendars as JSON holds them, and back."""

from __future__ import annotations

from datetime import date
from typing import Any

from adoption.scheduling import Calendar


def calendar_to_json(calendar: Calendar) -> dict[str, Any]:
    return {
        "name": calendar.name,
        "week": [list(map(list, shifts)) for shifts in calendar.week],
        "exceptions": [
            [day.isoformat(), list(map(list, shifts))] for day, shifts in calendar.exceptions
        ],
    }


def calendar_from_json(stored: dict[str, Any]) -> Calendar:
    return Calendar(
        week=tuple(_shifts(day) for day in stored["week"]),
        exceptions=tuple(
            (date.fromisoformat(day), _shifts(shifts)) for day, shifts in stored["exceptions"]
        ),
        name=stored["name"],
    )


def _shifts(stored: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in stored)
