"""Who is mentioned in what somebody wrote, and telling them so."""

from collections.abc import Iterable, Mapping, Set
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.mentions import Ambiguous, Person, handles_in, people_in
from engagements.queries.mentions import get_circle
from notifications.operations import notify
from people.models import User
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id

MENTIONED = "mention.made"
Found = dict[str, Person[UUID]]


def mentioned(texts: Mapping[str, str], *, customer_id: UUID, shared: bool) -> Found:
    """Who is meant by each handle in these texts, which are given by the name of their field.

    Raises ValidationError beside the field whose handle means several people, or somebody of the
    customer's side in a text that their side does not read.
    """
    if not any(handles_in(text) for text in texts.values()):
        return {}
    circle = get_circle(customer_id=customer_id)
    found: Found = {}
    for field, text in texts.items():
        meant = _in_field(field, text, circle.people)
        if not shared:
            _refuse_outsiders(field, meant, circle.of_customer)
        found |= meant
    return found


def _in_field(field: str, text: str, people: Iterable[Person[UUID]]) -> Found:
    try:
        return people_in(text, people)
    except Ambiguous as error:
        words = {"handle": error.handle, "addresses": ", ".join(error.names)}
        text = _("@%(handle)s could be several people: %(addresses)s. Use the part before the @.")
        raise ValidationError({field: text % words}) from error


def _refuse_outsiders(field: str, meant: Found, theirs: Set[UUID]) -> None:
    outside = [person.name for person in meant.values() if person.id in theirs]
    if outside:
        text = _("%(names)s could not read this: it is not shown to the customer’s side.")
        raise ValidationError({field: text % {"names": ", ".join(outside)}})


def names_of_mentioned(found: Found) -> dict[str, str]:
    return {handle: person.name for handle, person in found.items()}


def tell_mentioned(
    found: Found, *, row: Any, text: str, by: User | None, page: tuple[str, UUID]
) -> None:
    """Tell each of them once of this row; `page` names the one that shows it."""
    wanted = {person.id for person in found.values()} - {by.pk if by else None}
    if not wanted:
        return
    words = {"who": by or _("Somebody"), "text": shortened(text)}
    notify(
        recipients=User.objects.filter(pk__in=wanted),
        kind=MENTIONED,
        text=_("%(who)s mentioned you: %(text)s") % words,
        url=address(*page),
        key=f"mention:{row.pk}",
        customer_id=row.customer_id,
    )


def address(name: str, *ids: UUID) -> str:
    """The address of a page of the workspace in force."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    return reverse(name, args=[tenant.slug, *ids])


def shortened(text: str, most: int = 160) -> str:
    """On one line, and not too long for an inbox."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
