"""Reads about a workspace of one's own."""

from dataclasses import dataclass
from typing import Any

from adoptiq.demo.loading import get_own_demo
from adoptiq.models import Errand

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Demo:
    """Somebody's own demo: where it is, or how its loading goes."""

    slug: str
    errand: Errand | None


def get_exports() -> list[Errand]:
    """The last archives of the workspace in force, newest first."""
    rows = Errand.objects.select_related("asked_by").filter(kind=Errand.Kind.EXPORT)
    return list(rows[:SHOWN])


def get_demo(*, user: Any) -> Demo:
    """Of the person, in any workspace; the errand is the last one of the workspace in force."""
    tenant = get_own_demo(owner=user)
    errand = Errand.objects.filter(kind=Errand.Kind.DEMO, asked_by=user).first()
    return Demo(slug=tenant.slug if tenant else "", errand=errand)
