"""Changes to the customer's people."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from engagements.models import Customer, EndUser, Stakeholder
from tenancy.audit import record


@transaction.atomic
def name_stakeholder(*, customer: Customer, name: str, email: str = "") -> Stakeholder:
    """The stakeholder of that name, added when new; an address given later is taken up.

    Raises ValidationError, keyed by field.
    """
    same_name = Stakeholder.objects.filter(customer=customer, name=name.strip())
    person = same_name.filter(email=email).first() or same_name.filter(email="").first()
    if person is None:
        person = Stakeholder(customer=customer, name=name.strip(), email=email)
    elif person.email or not email:
        return person
    person.email = email
    person.full_clean()
    person.save()
    record(action="stakeholder.named", subject=person, about_customer_id=customer.pk)
    return person


@transaction.atomic
def ensure_end_users(*, external_ids: Mapping[UUID, set[str]]) -> dict[tuple[UUID, str], UUID]:
    """Ids by (customer, external id); end users not known yet are created."""
    known = _end_user_ids(external_ids)
    missing = [
        EndUser(customer_id=customer_id, external_id=external_id)
        for customer_id, wanted in sorted(external_ids.items())
        for external_id in sorted(wanted)
        if (customer_id, external_id) not in known
    ]
    if not missing:
        return known
    EndUser.objects.bulk_create(missing, ignore_conflicts=True, batch_size=5000)
    return _end_user_ids(external_ids)


@transaction.atomic
def drop_end_users(*, ids: Iterable[UUID]) -> None:
    """Forget end users whose events went to somebody else; who is on a roster stays."""
    EndUser.objects.filter(pk__in=list(ids), places=None).delete()


@transaction.atomic
def erase_end_users(*, ids: Iterable[UUID]) -> None:
    """Take end users away for good, their places on rosters with them."""
    EndUser.objects.filter(pk__in=list(ids)).delete()


def _end_user_ids(external_ids: Mapping[UUID, set[str]]) -> dict[tuple[UUID, str], UUID]:
    wanted = {external_id for group in external_ids.values() for external_id in group}
    rows = EndUser.objects.filter(customer_id__in=list(external_ids), external_id__in=wanted)
    return {
        (customer_id, external_id): pk
        for customer_id, external_id, pk in rows.values_list("customer_id", "external_id", "pk")
    }
