"""End users by what senders of usage call them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower

from engagements.models import EndUser


def get_end_users_called(*, external_ids: Iterable[str]) -> dict[tuple[UUID, str], UUID]:
    """Ids by (customer, external id), of every customer where somebody is called so."""
    rows = EndUser.objects.filter(external_id__in=list(external_ids))
    return {
        (customer_id, said): pk
        for customer_id, said, pk in rows.values_list("customer_id", "external_id", "pk")
    }


def get_end_users_like(*, ids: Iterable[str], domains: Iterable[str]) -> list[tuple[UUID, UUID]]:
    """(customer, end user) of everybody with one of those ids or addresses, or of those domains."""
    ids, domains = list(ids), list(domains)
    if not ids and not domains:
        return []
    rows = EndUser.objects.alias(
        said_at=_domain_of("external_id"), mailed_at=_domain_of("email")
    ).filter(
        Q(external_id__in=ids)
        | Q(email__in=ids)
        | Q(said_at__in=domains)
        | Q(mailed_at__in=domains)
    )
    return list(rows.values_list("customer_id", "pk"))


def _domain_of(name: str) -> Func:
    """What stands after the @, in small letters; empty without one."""
    return Lower(
        Func(F(name), Value("@"), Value(2), function="split_part", output_field=TextField())
    )
