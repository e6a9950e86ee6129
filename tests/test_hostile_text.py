"""Sixty texts that want to be more than text, in every field and file, on every page.

Each page is read as a browser reads it: no element, attribute or address of theirs may be there.
`tests/browser/test_ugly_data.py` looks at some of them in a real browser.
"""

import json
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.addresses import all_addresses
from tests.factories import Cast
from tests.incoming import as_guessed
from tests.test_crawl import RANGE
from tests.world import World, make_world

MARK = "xq7"
LEAST = 60
# Each contains the mark where it would become an element, an attribute or an address.
TEXTS = (
    "<xq7>",
    "<script>xq7()</script>",
    "<script src=//xq7></script>",
    "<ScRiPt xq7>",
    "<img src=x onxq7=1>",
    "<img/src=x/onxq7=1>",
    "<svg/onload=xq7()>",
    "<svg><script>xq7</script></svg>",
    "<math><mi xq7=1>",
    "<iframe srcdoc=xq7>",
    "<object data=xq7>",
    "<embed src=xq7>",
    "<form action=xq7>",
    "<input autofocus onfocus=xq7()>",
    "<details open ontoggle=xq7()>",
    "<body onload=xq7()>",
    "<style>@import'xq7'</style>",
    "<link rel=stylesheet href=xq7>",
    "<meta http-equiv=refresh content=0;xq7>",
    "<base href=//xq7/>",
    "<a href=javascript:xq7()>x</a>",
    "<a href=' javascript:xq7()'>x</a>",
    "<template xq7>",
    "<textarea></textarea><xq7>",
    "</textarea><xq7>",
    "</title><xq7>",
    "</script><xq7>",
    "</style><xq7>",
    "</select><xq7>",
    "--><xq7>",
    "]]><xq7>",
    '"><xq7>',
    "'><xq7>",
    '" onxq7="1',
    "' onxq7='1",
    "` onxq7=`1",
    '" autofocus onfocus="xq7()',
    '" hx-get="/xq7',
    '" hx-on:click="xq7()',
    "' hx-vals='js:{a:xq7()}",
    '" style="xq7:1',
    '" data-xq7="1',
    "{{ xq7 }}<xq7>",
    "{% xq7 %}<xq7>",
    "${xq7}<xq7>",
    "%3Cxq7%3E<xq7>",
    "&lt;xq7&gt;<xq7>",
    "&#60;xq7&#62;<xq7>",
    "\\u003cxq7\\u003e<xq7>",
    "\\x3cxq7\\x3e<xq7>",
    "<<xq7>>",
    "<\txq7>",
    "< xq7><xq7>",
    "<xq7\u00a0a=b>",
    "＜xq7＞<xq7>",
    "\u202e<xq7>\u202c",
    "<xq7/><!--",
    "<!--[if xq7]><xq7>",
    "<?xq7 ?><xq7>",
    "<!DOCTYPE xq7><xq7>",
    "javascript:xq7()",
    "data:text/html,<xq7>",
    "\\'-xq7()-\\'<xq7>",
    '";xq7();//<xq7>',
)


QUERIES: tuple[dict[str, str], ...] = (
    {},
    dict.fromkeys(("q", "sort", "show", "next", "phase", "first", "actor"), '"><xq7>'),
)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Refusals are part of this; their log lines would take longer than they do."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


class Reader(HTMLParser):
    """Notes what of a page came from a text: elements, attributes, addresses, scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.planted: list[str] = []
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.script = tag in {"script", "style"} and ("type", "application/json") not in attrs
        if MARK in tag or any(MARK in name for name, _value in attrs):
            self.planted.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            if name in ADDRESSES and re.match(
                r"\s*(javascript|data:text|//xq7)", value or "", re.I
            ):
                self.planted.append(f"{tag} {name}={value}")
            if name in ADDRESSES | {"content"} and MARK in (value or "") and value[:1] not in "/?":
                self.planted.append(f"{tag} {name}={value}")
            if name.startswith(("on", "hx-on")) or name == "style" or "js:" in (value or "")[:3]:
                self.planted.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.script = False

    def handle_data(self, data: str) -> None:
        if self.script and MARK in data:
            self.planted.append(f"script: {data[:80]}")

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.planted.append(f"comment: {data[:80]}")


ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data", "srcdoc", "poster"}


def planted(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    # Inside JSON for scripts nothing may end the element it stands in.
    islands = re.findall(r"<script[^>]*application/json[^>]*>(.*?)</script>", page, re.S)
    return reader.planted + [island[:80] for island in islands if "<" in island]


def test_there_are_enough_of_them() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= LEAST
    assert all(MARK in text for text in TEXTS)


@pytest.mark.parametrize("text", [text for text in TEXTS if re.match(r"<[a-zA-Z]+[ >:]", text)])
def test_the_reader_sees_them_in_a_page_that_does_not_escape(text: str) -> None:
    assert planted(f"<p>{text}</p>")


@pytest.fixture
def world(db: None, tmp_path: Any) -> World:
    return make_world(tmp_path)


def chunks() -> Iterator[str]:
    """All of them, as many together as a field takes."""
    kept = ""
    for text in TEXTS:
        if len(kept) + len(text) > 110:
            yield kept
            kept = ""
        kept += text
    yield kept


def by_form(cast: Cast, admin: Client) -> None:
    for number, text in enumerate(chunks()):
        admin.post(
            cast.at("customers/new/"),
            {"name": text, "external_id": f"{text[:100]}{number}", "time_zone": "UTC"},
        )
        engagement = {"name": text, "key": f"XQ-{number}", "phase": "adopt", "lead_name": text}
        path = f"customers/{cast.customer.pk}/engagements/new/"
        admin.post(cast.at(path), engagement)
        admin.post(cast.at("settings/keys/"), {"name": text[:80], "reads": ["customers"]})
        admin.post(cast.at("usage/sources/"), {"name": text[:80]})
        member = {"email": f"xq{number}@example.org", "name": text, "role": "csm"}
        admin.post(cast.at("settings/members/"), member)


def finish(admin: Client, columns: str) -> None:
    """The steps of an import after its upload, as they are offered."""
    check = admin.post(columns, as_guessed(admin.get(columns)))["Location"]
    admin.post(check, {"good_rows_only": "on"})


def by_file(cast: Cast, admin: Client) -> None:
    def send(path: str, name: str, rows: list[list[str]]) -> None:
        lines = ("\t".join(cell.replace("\t", " ") for cell in row) for row in rows)
        file = SimpleUploadedFile(name, "\n".join(lines).replace('"', '""').encode())
        response = admin.post(cast.at(path), {"file": file})
        if "/imports/" in response.get("Location", "") and path == "customers/import/":
            finish(admin, response["Location"])
        elif "/plan-imports/" in response.get("Location", ""):
            admin.get(response["Location"])
            admin.post(response["Location"])

    named = list(chunks())
    send(
        "customers/import/",
        "<xq7>.csv",
        [["external_id", "name"], *([f"x{n}", text] for n, text in enumerate(named))],
    )
    plan = f"engagements/{cast.engagement.pk}/plan/import/"
    steps = [[str(n), text, "1d"] for n, text in enumerate(TEXTS, 1)]
    send(plan, '"><xq7>.csv', [["id", "name", "duration"], *steps])
    send("usage/imports/", '"><xq7>.csv', [["<xq7>"], ["1"]])


def by_intake(world: World) -> None:
    items: list[Any] = [
        {"type": "track", "event": text, "messageId": text, "userId": text, "groupId": text}
        for text in TEXTS
    ]
    items += [
        {"type": "track", "event": text, "userId": text, "context": {"groupId": "halden"}}
        for text in TEXTS
    ]
    items += [{"type": text} for text in TEXTS] + list(TEXTS)
    body = {"writeKey": world.own["write_key"], "batch": items}
    answer = Client().post("/v1/batch", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200


def by_measure(world: World, admin: Client) -> None:
    terms = {
        "quality": "".join(TEXTS[:8])[:200],
        "amount": "10",
        "deadline": "2027-01-01",
        "baseline_amount": "1",
        "baseline_date": "2026-01-01",
        "baseline_note": '"><xq7>',
        "for_customer": '" onxq7="1"><xq7>',
        "agreed_date": "2026-02-01",
        "form-TOTAL_FORMS": "0",
        "form-INITIAL_FORMS": "0",
    }
    admin.post(world.cast.at(f"measures/{world.own['measure_id']}/agree/"), terms)


def test_none_of_them_is_more_than_text(world: World) -> None:
    cast, admin = world.cast, world.browsers["admin"]
    by_form(cast, admin)
    by_file(cast, admin)
    by_intake(world)
    by_measure(world, admin)
    shown = 0
    for address in all_addresses():
        if not address.in_workspace or address.is_api:
            continue
        for role in ("admin", "lead"):
            for query in QUERIES:
                shown += assert_text(world.browsers[role], address.path(world.own), query)
    assert shown > 40


def assert_text(client: Client, path: str, query: dict[str, str]) -> bool:
    """Whether the page shows any of them, as text."""
    # With a query as a fragment, which is another template of the same page.
    headers = {"HX-Request": "true"} if query else {}
    response = client.get(path, query_params=RANGE | query, headers=headers)
    content = response.getvalue()
    assert response.status_code < 500
    if "text/html" not in response.get("Content-Type", ""):
        return False
    text = content.decode()
    assert planted(text) == [], (path, query)
    assert not planted(response.get("HX-Trigger", ""))
    return MARK in text


def test_a_form_that_is_refused_gives_them_back_as_text(world: World) -> None:
    admin = world.browsers["admin"]
    for address in all_addresses():
        if address.in_workspace and not address.is_api and "remove" not in address.route:
            names = ("name", "external_id", "key", "email", "file", "mapping", "time_zone", "next")
            fields = dict.fromkeys(names, '"><xq7>' + "<script>xq7</script>")
            response = admin.post(address.path(world.own), fields)
            assert response.status_code < 500, address.route
            if "text/html" in response.get("Content-Type", ""):
                assert planted(response.content.decode()) == [], address.route
