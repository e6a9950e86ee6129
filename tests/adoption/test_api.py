from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from adoption.queries import get_plan
from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE, READING
from tenancy.scope import tenant_scope
from tests.factories import Cast

TABLE = b"id,name,duration,predecessors\n1,Design,5d,\n2,Approve,2d,1FS+1d\n"
CIRCLE = b"id,name,duration,predecessors\n1,Design,5d,2\n2,Approve,2d,1\n"


def key(cast: Cast, *, can_write: bool = True) -> dict[str, str]:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant,
        name="Key",
        scopes=EVERY_SCOPE if can_write else READING,
        created_by=cast.admin,
    )
    return {"Authorization": f"Bearer {new.text}"}


def path(cast: Cast) -> str:
    return f"/api/v1/engagements/{cast.engagement.pk}/plan/"


def put(cast: Cast, data: bytes, headers: dict[str, str], **fields: str) -> Any:
    file = SimpleUploadedFile("plan.csv", data)
    content = encode_multipart(BOUNDARY, {"file": file} | fields)
    return Client().put(path(cast), content, content_type=MULTIPART_CONTENT, headers=headers)


def test_a_plan_is_put_and_read_back_as_the_page_shows_it(cast: Cast) -> None:
    headers = key(cast)
    assert Client().get(path(cast), headers=headers).status_code == 404
    made = put(cast, TABLE, headers)
    assert made.status_code == 200
    assert Client().get(path(cast), headers=headers).json() == made.json()
    with tenant_scope(cast.tenant.pk):
        plan = get_plan(engagement_id=cast.engagement.pk)
    assert plan is not None
    assert made.json()["packages"] == 2
    assert made.json()["finish"] == plan.finish.isoformat()
    for row, shown in zip(made.json()["rows"], plan.rows, strict=True):
        assert row["start"] == shown.start.isoformat()
        assert row["total_float_days"] == shown.total_float_days
        assert row["critical"] == shown.critical


def test_a_refused_file_says_why_and_the_old_plan_stays(cast: Cast) -> None:
    headers = key(cast)
    before = put(cast, TABLE, headers).json()
    refused = put(cast, CIRCLE, headers)
    assert refused.status_code == 400
    assert "Design → Approve → Design" in refused.json()["errors"]["file"][0]
    assert Client().get(path(cast), headers=headers).json() == before


def test_a_plan_may_follow_today(cast: Cast) -> None:
    assert put(cast, TABLE, key(cast), follows_today="true").json()["follows_today"] is True


@pytest.mark.parametrize("content", [b"", b"\n", b"PK\x03\x04", b"\xff\xfe\x00"])
def test_what_is_no_plan_is_refused(cast: Cast, content: bytes) -> None:
    refused = put(cast, content, key(cast))
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"file"}


def test_a_plan_is_a_file(cast: Cast) -> None:
    headers = key(cast)
    as_json = Client().put(path(cast), "{}", content_type="application/json", headers=headers)
    assert as_json.status_code == 415
    without = Client().put(
        path(cast), encode_multipart(BOUNDARY, {}), content_type=MULTIPART_CONTENT, headers=headers
    )
    assert (without.status_code, set(without.json()["errors"])) == (400, {"file"})


def test_a_reading_key_replaces_nothing(cast: Cast) -> None:
    assert put(cast, TABLE, key(cast, can_write=False)).status_code == 403
    assert put(cast, TABLE, {}).status_code == 401


def test_who_reads_only_in_the_browser_reads_only_here(cast: Cast) -> None:
    put(cast, TABLE, key(cast))
    inside = cast.at(f"api/v1/engagements/{cast.engagement.pk}/plan/")
    for user, status in ((cast.executive, 403), (cast.member, 403), (cast.stranger, 404)):
        browser = cast.browser(user)
        assert browser.get(inside).status_code == (404 if status == 404 else 200)
        assert browser.put(inside).status_code == status
