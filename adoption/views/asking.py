"""What the address of an outline asks for, and the addresses of the same outline asked otherwise."""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, QueryDict

from adoption.models import WorkPackage
from adoption.queries.outline import GAPS, SORTS, VARIANCES, Asked

SHOWN = ("all", "top", "open", "critical", "late", "week", "mine", "gaps")
LONGEST = 100
MOST_TURNED = 200


def asked_by(query: QueryDict) -> Asked:
    """What makes no sense is not asked."""
    show = query.get("show", "")
    gap, sort, kind = query.get("gap", ""), query.get("sort", ""), query.get("kind", "")
    page = query.get("page", "")
    return Asked(
        show=show if show in SHOWN else "",
        gap=gap if gap in (*GAPS, "any") else "",
        q=query.get("q", "").replace("\0", "").strip()[:LONGEST],
        owner=query.get("owner", "")[:600],
        kind=kind if kind in WorkPackage.Kind.values else "",
        group=_id(query.get("group", "")),
        sort=sort if sort.removeprefix("-") in {*SORTS, *VARIANCES} and sort.count("-") < 2 else "",
        page=int(page) if page.isdecimal() and len(page) < 6 else 1,
        turned=tuple(dict.fromkeys(query.getlist("turn")[:MOST_TURNED])),
        what_if=_id(query.get("what_if", "")),
        against=query.get("against") == "1",
    )


def address(asked: Asked, **changes: Any) -> str:
    """The query string of this outline with some of it asked differently; None leaves out.

    Whoever asks for other rows begins on the first page.
    """
    parts: dict[str, Any] = {
        "what_if": asked.what_if or "",
        "against": 1 if asked.against else "",
        "show": asked.show,
        "gap": asked.gap,
        "q": asked.q,
        "owner": asked.owner,
        "kind": asked.kind,
        "group": asked.group or "",
        "sort": asked.sort,
        "turn": list(asked.turned),
        "page": asked.page if not changes and asked.page > 1 else "",
    } | changes
    kept = {key: value for key, value in parts.items() if value or value == 0}
    return f"?{urlencode(kept, doseq=True)}"


def turned(asked: Asked, uid: str) -> str:
    """The address with one summary folded that was open, or opened that was folded."""
    others = [one for one in asked.turned if one != uid]
    now = others if uid in asked.turned else [*others, uid]
    return address(asked, turn=now, page=asked.page)


def query_at(request: HttpRequest) -> QueryDict:
    """The outline that somebody had before them when they changed it.

    The page sends it along; htmx names the address it comes from.
    """
    if request.method == "GET":
        return request.GET
    htmx: Any = getattr(request, "htmx", None)
    said = request.POST.get("at", "") or request.GET.get("at", "")
    if not said and htmx:
        said = urlsplit(htmx.current_url_abs_path or "").query
    return QueryDict(said.removeprefix("?")[:8_000])


def here_of(request: HttpRequest) -> str:
    """The query string of the outline somebody had before them, empty when it was the usual one."""
    said = query_at(request).urlencode()
    return f"?{said}" if said else ""


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
