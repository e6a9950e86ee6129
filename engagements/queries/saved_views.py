"""Reads of the views of the customer list that somebody gave a name."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from engagements.models import DefaultView, SavedView


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view as a tab above the list: a name for an address."""

    id: UUID
    name: str
    query: str
    is_own: bool
    is_shared: bool
    owner_name: str
    opens_first: bool


def get_views(*, user_id: UUID | None) -> QuerySet[SavedView]:
    """One's own views and those shared with everybody, as far as they were not deleted; with no
    person every view.
    """
    rows = SavedView.objects.filter(deleted_at=None).select_related("owner")
    return rows if user_id is None else rows.filter(Q(owner_id=user_id) | Q(is_shared=True))


def get_view_links(*, user_id: UUID) -> tuple[ViewLink, ...]:
    """The views somebody sees: one's own first, then those of others, by name."""
    first = DefaultView.objects.filter(user_id=user_id).values_list("view_id", flat=True).first()
    links = [
        ViewLink(
            id=view.pk,
            name=view.name,
            query=view.query,
            is_own=view.owner_id == user_id,
            is_shared=view.is_shared,
            owner_name=str(view.owner),
            opens_first=view.pk == first,
        )
        for view in get_views(user_id=user_id)
    ]
    return tuple(sorted(links, key=lambda link: (not link.is_own, link.name.lower())))


def opens_first(*, view_id: UUID, user_id: UUID) -> bool:
    return DefaultView.objects.filter(view_id=view_id, user_id=user_id).exists()
