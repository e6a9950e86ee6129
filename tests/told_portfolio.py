"""What a portfolio knows besides its engagements: fields of one's own, views, merges, covers."""

from datetime import UTC, date, datetime
from uuid import UUID

from engagements import operations
from engagements.models import CustomerMerge, CustomField, Engagement
from people.models import User
from tests.factories import make_user

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def tell_of_portfolio(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns ids by the part of an address that names them."""
    field = operations.add_custom_field(
        kind=CustomField.Kind.CUSTOMER, fields={"label": f"{word} tier", "type": "text"}
    )
    operations.change_customer(
        customer=engagement.customer,
        fields={"custom": {field.key: f"{word} gold"}},
        today=NOW.date(),
    )
    view = operations.save_view(
        owner=by, query=f"q={word}", fields={"name": f"{word} view", "is_shared": True}
    )
    other = make_user(f"{word.lower()}-stand-in")
    other.name = f"{word} stand-in"
    other.save()
    cover = operations.arrange_cover(
        person=by,
        stand_in=other,
        from_date=date(2026, 10, 1),
        to_date=date(2026, 10, 5),
        note=f"{word} note",
        by=by,
    )
    return {
        "field_id": field.pk,
        "view_id": view.pk,
        "cover_id": cover.pk,
        "merge_id": _merge(engagement, word, by).pk,
        **_hand_over(engagement, word, by, other),
    }


def _merge(engagement: Engagement, word: str, by: User) -> CustomerMerge:
    gone = operations.create_customer(
        fields={"external_id": f"{word} old", "name": f"{word} old"}, today=NOW.date()
    )
    return operations.merge_customers(
        kept=engagement.customer, gone=gone, by=by, now=datetime.now(UTC)
    )


def _hand_over(engagement: Engagement, word: str, by: User, other: User) -> dict[str, UUID]:
    customer = operations.create_customer(
        fields={"external_id": f"{word} handed", "name": f"{word} handed", "csm": by},
        today=NOW.date(),
    )
    made = operations.hand_over(
        from_user=by,
        to_user=other,
        customers=[customer],
        with_work=True,
        note=f"{word} note",
        by=by,
        now=NOW,
    )
    operations.archive_customer(customer=customer, now=NOW)
    return {"hand_over_id": made.pk, "handed_over_id": customer.pk}
