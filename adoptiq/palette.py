"""The command palette: what every app offers, the best first."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adoptiq import visits
from adoptiq.navigation import pages_of
from rendering.palette import Asked, Entry, Group
from tenancy.access import may
from tenancy.http import WorkspaceRequest

LONGEST = 100
MOST_IN_A_GROUP = 6

HEADINGS: dict[Group, Promise] = {
    Group.RECENT: gettext_lazy("Looked at last"),
    Group.CUSTOMER: gettext_lazy("Customers"),
    Group.ENGAGEMENT: gettext_lazy("Engagements"),
    Group.MEASURE: gettext_lazy("Measures"),
    Group.PERSON: gettext_lazy("People"),
    Group.ACTION: gettext_lazy("Actions"),
    Group.PAGE: gettext_lazy("Pages"),
}
ICONS = {
    Group.RECENT: "clock",
    Group.CUSTOMER: "building",
    Group.ENGAGEMENT: "layout-list",
    Group.MEASURE: "chart-line",
    Group.PERSON: "users",
    Group.ACTION: "player-play",
    Group.PAGE: "arrow-right",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One heading with what stands under it."""

    group: Group
    heading: str
    icon: str
    entries: tuple[Entry, ...]


def find(request: WorkspaceRequest) -> tuple[str, list[Found]]:
    """What was typed, and everything that fits it, the group with the best fit first."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    asked = Asked(
        text=text,
        workspace=request.workspace.slug,
        may=lambda action: may(request.membership, action),
        recent=visits.get_recent(request),
    )
    return text, _grouped(_everything(asked, request))


def _everything(asked: Asked, request: WorkspaceRequest) -> Iterator[Entry]:
    yield from asked.offered(*_pages(request))
    for config in apps.get_app_configs():
        if config.name != __package__ and module_has_submodule(config.module, "palette"):
            module: Any = import_module(f"{config.name}.palette")
            # The library of the palette itself offers nothing.
            if hasattr(module, "entries"):
                yield from module.entries(asked)
    yield from _look(asked)


def _pages(request: HttpRequest) -> Iterator[Entry]:
    for item in pages_of(request):
        yield Entry(Group.PAGE, str(item["label"]), item["url"])


def _look(asked: Asked) -> list[Entry]:
    """What a page's own script does; each works as a form or a link without it."""
    theme, here = reverse("choose_theme"), reverse("search", args=[asked.workspace])
    return [
        *asked.offered(
            Entry(Group.ACTION, _("Switch between light and dark"), theme, act="theme"),
            also=_("Theme"),
        ),
        *asked.offered(
            Entry(Group.PAGE, _("Keyboard shortcuts"), f"{here}#shortcuts", act="shortcuts"),
            also=_("Help"),
        ),
        *asked.offered(Entry(Group.PAGE, _("The API in words"), reverse("api_docs"))),
    ]


def _grouped(entries: Iterator[Entry]) -> list[Found]:
    by_group: dict[Group, list[Entry]] = {}
    for entry in entries:
        by_group.setdefault(entry.group, []).append(entry)
    order = list(Group)
    groups = sorted(
        by_group, key=lambda group: (-max(e.fit for e in by_group[group]), order.index(group))
    )
    if Group.RECENT in groups:
        groups.insert(0, groups.pop(groups.index(Group.RECENT)))
    return [_found(group, by_group[group]) for group in groups]


def _found(group: Group, entries: list[Entry]) -> Found:
    # Stable, so that what came in an order of its own keeps it where it fits equally well.
    best = sorted(entries, key=lambda entry: -entry.fit)[:MOST_IN_A_GROUP]
    return Found(group, str(HEADINGS[group]), ICONS[group], tuple(best))
