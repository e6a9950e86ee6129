"""Changes to the views of the customer list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import DefaultView, SavedView
from engagements.models.saved_views import LONGEST_QUERY
from engagements.operations.saving import change, known, save
from people.models import User
from tenancy.audit import record

VIEW_FIELDS = frozenset({"name", "is_shared"})
# Tabs somebody can still tell apart.
MOST_VIEWS = 40


@transaction.atomic
def save_view(*, owner: User, query: str, fields: Mapping[str, Any]) -> SavedView:
    """A name for what an address asks. Raises ValidationError, keyed by field."""
    _refuse_too_long(query)
    if SavedView.objects.filter(owner=owner, deleted_at=None).count() >= MOST_VIEWS:
        raise ValidationError({"name": _("You have many views already. Delete one first.")})
    view = SavedView(owner=owner, query=query, **known(fields, VIEW_FIELDS))
    save(view, named_by="name")
    record(action="view.saved", subject=view, facts={"shared": view.is_shared})
    return view


def _refuse_too_long(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("This asks for more than a view can keep. Use shorter filters."))


@transaction.atomic
def change_view(*, view: SavedView, fields: Mapping[str, Any]) -> SavedView:
    """Another name, or shared or not. Raises ValidationError, keyed by field."""
    facts = change(view, known(fields, VIEW_FIELDS), named_by="name")
    if facts:
        record(action="view.changed", subject=view, facts=facts)
    return view


@transaction.atomic
def ask_view_anew(*, view: SavedView, query: str) -> None:
    """The name stands for another address from now on. Raises ValidationError for one too long."""
    if query == view.query:
        return
    _refuse_too_long(query)
    facts = {"query": [view.query, query]}
    view.query = query
    save(view, named_by="name")
    record(action="view.changed", subject=view, facts=facts)


@transaction.atomic
def delete_view(*, view: SavedView, now: datetime) -> None:
    if view.deleted_at is not None:
        return
    view.deleted_at = now
    view.save(update_fields=["deleted_at"])
    record(action="view.deleted", subject=view)


@transaction.atomic
def restore_view(*, view: SavedView) -> None:
    """Raises ValidationError when its name has been given to another view meanwhile."""
    view.deleted_at = None
    save(view, named_by="name")
    record(action="view.restored", subject=view)


@transaction.atomic
def open_with_view(*, user: User, view: SavedView | None) -> None:
    """The list opens with this view for that person; with none, as it is."""
    DefaultView.objects.filter(user=user).delete()
    if view is not None:
        DefaultView.objects.create(user=user, view=view)
