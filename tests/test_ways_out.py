"""Ways out of the site that nobody may choose for others: redirects, hosts, names of files, and
requests the server could be talked into."""

import ast
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from people.operations import find_or_create_user
from tenancy.models import Role
from tenancy.operations import add_member
from tenancy.scope import tenant_scope
from tests.addresses import all_addresses
from tests.factories import PASSWORD, Cast, make_customer, make_engagement
from tests.paths import ROOT
from tests.test_conventions import CODE

ELSEWHERE = (
    "https://elsewhere.example/",
    "http://elsewhere.example",
    "//elsewhere.example",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "https:elsewhere.example",
    "https:///elsewhere.example",
    "http:\\\\elsewhere.example",
    "//elsewhere.example/%2e%2e",
    " //elsewhere.example",
    "\t//elsewhere.example",
    "%09//elsewhere.example",
    "//testserver@elsewhere.example",
    "https://testserver.elsewhere.example",
    "https://testserver:pass@elsewhere.example",
    "//elsewhere.example:80",
    "//\u2044elsewhere.example",
    "//elsewhere%E3%80%82example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,hello",
    "vbscript:x",
    "ftp://elsewhere.example",
    "/%0d%0aLocation:%20//elsewhere.example",
    "/\r\nLocation: //elsewhere.example",
)


def leads_away(location: str) -> bool:
    """As a browser understands it, which drops line ends and takes either slash."""
    plain = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    parts = urlsplit(urljoin("http://testserver/accounts/", plain))
    return (parts.scheme, parts.netloc) != ("http", "testserver")


@dataclass(frozen=True)
class Way:
    """An address that leads on, how it is asked, and by whom."""

    client: Client
    method: str
    path: str

    def location(self, target: str, email: str) -> str:
        """Where it leads somebody who wants to go there next."""
        fields = {"next": target, "theme": "dark", "email": email}
        sent = {"query_params": {"next": target}} if self.method == "get" else {"data": fields}
        # From an address of its own, so that no limit is reached.
        address = f"198.51.100.{zlib.crc32(target.encode()) % 250}"
        answer = getattr(self.client, self.method)(self.path, **sent, REMOTE_ADDR=address)
        return str(answer.get("Location", "/"))


def ways(cast: Cast) -> list[Way]:
    """Every open address that goes where `next` says, for somebody signed in and for anybody."""
    found = []
    for address in all_addresses():
        if not (address.in_workspace or address.parts or address.by_key):
            for client in (cast.browser(cast.csm), Client()):
                for method in ("get", "post"):
                    way = Way(client, method, address.path({}))
                    if "wanted" in way.location("/wanted/", cast.csm.email):
                        found.append(way)
    return found


def test_nobody_is_led_elsewhere(cast: Cast) -> None:
    found = ways(cast)
    assert len(found) >= 2
    for way in found:
        for target in ELSEWHERE:
            email = f"n{zlib.crc32(target.encode())}@example.org"
            assert not leads_away(way.location(target, email)), (way.path, target)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nobody_elsewhere(cast: Cast, target: str) -> None:
    user = find_or_create_user(email="door@example.org", password=PASSWORD)
    add_member(tenant=cast.tenant, user=user, role=Role.CSM)
    sent = {"login": user.email, "password": PASSWORD, "next": target}
    answer = Client().post("/accounts/login/", sent)
    assert answer.status_code == 302
    assert not leads_away(answer["Location"])


@pytest.mark.parametrize(
    "location",
    ["https://a.example/", "//a", "/\\a", "\\\\a", "javascript:x", "\t//a", "https:///a"],
)
def test_the_check_knows_a_way_out(location: str) -> None:
    assert leads_away(location)


@pytest.mark.parametrize("host", ["elsewhere.example", "testserver.evil", "testserver:80@x", "a b"])
def test_the_host_is_one_of_ours(db: None, host: str) -> None:
    answer = Client().get("/accounts/login/", headers={"Host": host})
    assert answer.status_code == 400
    forwarded = Client().get("/accounts/login/", headers={"X-Forwarded-Host": host})
    assert forwarded.status_code == 200
    assert host not in forwarded.content.decode()


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Proto", "X-Forwarded-Ssl", "X-Url-Scheme", "Forwarded"]
)
def test_a_proxy_that_is_not_there_is_not_believed(db: None, name: str) -> None:
    answer = Client().get("/accounts/login/", headers={name: "https"})
    assert not answer.wsgi_request.is_secure()


def test_names_of_files_hold_no_line(cast: Cast, csm: Client) -> None:
    """Made of keys and short names alone, quoted, in one line of ASCII (RFC 6266)."""
    with tenant_scope(cast.tenant.pk):
        customer = make_customer("odd", name='"; filename="x.exe"\r\nSet-Cookie: a=b')
        engagement = make_engagement(customer, "ODD-1", name='";x="é\r\n')
    for path in (
        "book.csv",
        "customers/export.csv",
        f"engagements/{engagement.pk}/usage.csv",
        f"engagements/{engagement.pk}/plan.csv",
    ):
        answer = csm.get(cast.at(path))
        if answer.status_code == 200:
            assert re.fullmatch(
                r'attachment; filename="[A-Za-z0-9._-]+"', answer["Content-Disposition"]
            )


# What opens a connection to an address somebody may have written.
OPENERS = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "http.client",
    "ftplib",
    "pycurl",
    "telnetlib",
}
# Of this machine itself: `up` waits until its own web server answers.
KNOWN = {
    "adoptiq/launch.py": {"urllib.request"},
    # The scanner's address stands in the settings; nobody using the product can write it.
    "engagements/adapters/clamd.py": {"socket"},
    # They look for ports of this machine that are free.
    "adoptiq/embedded/folder.py": {"socket"},
    "adoptiq/place.py": {"socket"},
}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_the_product_asks_no_address_for_anything() -> None:
    """So nobody can have it ask theirs. Whatever changes this has to bring an allow-list."""
    asking = {}
    for path in CODE:
        name = str(path.relative_to(ROOT))
        modules = imported(path) & (OPENERS | {"urllib.request", "socket"})
        if modules - KNOWN.get(name, set()):
            asking[name] = modules
    assert asking == {}
