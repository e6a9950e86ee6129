"""A file on its way in and remembered columns of each workspace, for the isolation crawl."""

from uuid import UUID

from engagements import operations
from engagements.models import Engagement, ImportKind
from people.models import User
from rendering.spreadsheets import read_book


def tell_imports(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns the rows' ids by the part of an address that names them."""
    content = f"external_id,name\n{word}-9,{word} newcomer\n".encode()
    staged = operations.stage_import(
        kind=ImportKind.ROSTER,
        engagement=engagement,
        file_name=f"{word}.csv",
        content=content,
        book=read_book(content),
        by=by,
    )
    operations.map_columns(staged=staged, mapping={"external_id": "external_id", "name": "name"})
    mapping = operations.keep_mapping(
        kind=ImportKind.ROSTER, name=f"{word} columns", columns={"Id": "external_id"}, by=by
    )
    operations.change_customer(
        customer=engagement.customer,
        fields={"working_days": [1, 2, 3, 4], "holiday_region": "NO"},
        references={"salesforce": f"{word}-crm"},
        today=engagement.created_at.date(),
    )
    return {"staged_id": staged.pk, "mapping_id": mapping.pk}
