"""The command palette: what is found, by whom, in which order, and what it costs."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from engagements.models import Customer, Engagement
from metrics import operations as metrics
from metrics.definitions import ACTIVE_USERS
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.pages import HOUSEKEEPING

FRAGMENT = {"HX-Request": "true", "HX-Target": "results"}
OPTION = re.compile(
    r'role="option"[^>]*?(?:href="([^"]*)"|data-theme-choice)[^>]*>.*?<span>(.*?)<', re.S
)


@pytest.fixture
def book(cast: Cast) -> Cast:
    with tenant_scope(cast.tenant.pk):
        for external_id, name in (
            ("n-1", "Nordhavn Port"),
            ("p-2", "Port of Halden"),
            ("x", "Xenia"),
        ):
            factories.make_customer(external_id, name=name)
        metrics.define_measure(
            engagement=cast.engagement, definition=ACTIVE_USERS, now=datetime.now(UTC)
        )
    return cast


def ask(browser: Client, cast: Cast, text: str) -> list[tuple[str, str]]:
    """(label, address) in the order of the options."""
    response = browser.get(cast.at("search/"), {"q": text}, headers=FRAGMENT)
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    return [(unescape(label), url) for url, label in OPTION.findall(response.content.decode())]


def labels(browser: Client, cast: Cast, text: str) -> list[str]:
    return [label for label, _url in ask(browser, cast, text)]


def test_a_beginning_comes_before_a_word(book: Cast, csm: Client) -> None:
    found = labels(csm, book, "hald")
    assert found[:3] == ["Halden", "Port of Halden", "Halden roll-out"]
    assert labels(csm, book, "port")[:2] == ["Port of Halden", "Nordhavn Port"]


def test_external_ids_keys_and_slips_find_too(book: Cast, csm: Client) -> None:
    assert labels(csm, book, "n-1")[0] == "Nordhavn Port"
    assert labels(csm, book, "halden-1")[0] == "Halden roll-out"
    assert labels(csm, book, "nordhvan")[0] == "Nordhavn Port"


def test_measures_and_people_are_found(book: Cast, csm: Client) -> None:
    assert ("28-day active users", "/w/acme/measures/") in [
        (label, url[:17]) for label, url in ask(csm, book, "active users")
    ]
    assert "28-day active users" in labels(csm, book, "halden active")
    assert ask(csm, book, "manag")[0] == (
        "Manager",
        "/w/acme/settings/members/?q=manager%40example.org",
    )


def test_actions_and_pages_by_role(book: Cast) -> None:
    admin, executive = book.browser(book.admin), book.browser(book.executive)
    assert "Invite somebody" in labels(admin, book, "invite")
    assert "Invite somebody" not in labels(executive, book, "invite")
    assert "New customer" in labels(admin, book, "new cust")
    assert "New customer" not in labels(executive, book, "new cust")
    assert ("Export the book as CSV", "/w/acme/book.csv") in ask(executive, book, "export")
    assert "Dark theme" in labels(executive, book, "theme")
    assert "Usage sources" in labels(admin, book, "sources")


def test_the_customer_side_finds_its_own_alone(book: Cast, lead: Client) -> None:
    found = labels(lead, book, "hald")
    assert "Halden" in found and "Halden roll-out" in found
    assert "Port of Halden" not in found
    assert not any("Solberg" in label for label in labels(lead, book, "solberg"))
    assert "Csm" not in labels(lead, book, "csm")
    assert labels(lead, book, "import") == []


def test_nobody_finds_what_is_another_workspaces(book: Cast, csm: Client) -> None:
    assert labels(csm, book, "canary") == ["Every customer with “canary” in the name"]


def test_an_archived_customer_is_not_found(book: Cast, csm: Client) -> None:
    with tenant_scope(book.tenant.pk):
        Customer.objects.filter(name="Xenia").update(archived_at=datetime.now(UTC))
    assert "Xenia" not in labels(csm, book, "xenia")


def test_what_was_looked_at_stands_first(book: Cast, csm: Client) -> None:
    csm.get(book.at(f"customers/{book.second_customer.pk}/"))
    csm.get(book.at(f"engagements/{book.engagement.pk}/plan/"))
    csm.get(book.at(f"engagements/{book.engagement.pk}/"))
    assert labels(csm, book, "")[:3] == ["Halden roll-out", "Solberg", "New customer"]
    assert ("New engagement for Solberg") in labels(csm, book, "new eng")
    # The same person's other browser looked at nothing.
    assert labels(book.browser(book.csm), book, "")[0] == "New customer"


def test_files_and_the_api_are_no_visits(book: Cast, csm: Client) -> None:
    csm.get(book.at(f"api/v1/customers/{book.customer.pk}/"))
    csm.get(book.at(f"engagements/{book.engagement.pk}/plan.csv"))
    assert "visits" not in csm.session


def test_it_is_a_page_without_script(book: Cast, csm: Client) -> None:
    response = csm.get(book.at("search/"), {"q": "hald"})
    text = response.content.decode()
    assert "things fit “hald”" in text
    assert re.search(r'<a class="found" href="/w/acme/customers/[^"]+"', text)
    assert 'value="hald"' in text


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "\0", "a" * 5000, "  ", "=1+1", "ö", "<b>"])
def test_odd_words_do_no_harm(book: Cast, csm: Client, text: str) -> None:
    assert csm.get(book.at("search/"), {"q": text}).status_code == 200
    assert "Xenia" not in labels(csm, book, text) or not text.strip("\0 ")


def test_it_costs_few_questions(
    book: Cast, csm: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    csm.get(book.at(f"customers/{book.second_customer.pk}/"))
    with CaptureQueriesContext(connection) as captured:
        ask(csm, book, "halden")
    asked = [q["sql"] for q in captured.captured_queries if not HOUSEKEEPING.search(q["sql"])]
    # Session, person and place; customers with engagements, measures, people.
    assert len(asked) <= 6, asked


def test_thousands_of_customers_are_searched(
    book: Cast, csm: Client, figure: Callable[[str, object], None]
) -> None:
    with tenant_scope(book.tenant.pk):
        customers = Customer.objects.bulk_create(
            Customer(external_id=f"crm-{n}", name=f"{WORDS[n % 7]} {WORDS[n // 7 % 7]} {n}")
            for n in range(5000)
        )
        Engagement.objects.bulk_create(
            Engagement(customer=customer, key=f"ENG-{n}", name=f"{customer.name} roll-out")
            for n, customer in enumerate(customers)
        )
    seconds, found = [], {}
    for text in ("warm", "hald", "acme 4", "indstries", "crm-4711", "s", "nothing like it"):
        before = datetime.now(UTC)
        found[text] = ask(csm, book, text)
        seconds.append((datetime.now(UTC) - before).total_seconds())
    figure("search over 5,000 customers and engagements, slowest", f"{max(seconds):.2f} s")
    # Those whose name begins so come first, however many hold it somewhere.
    assert "Halden" in found["hald"][0][0]
    assert any("crm-4711" in str(one) or "4711" in str(one) for one in found["crm-4711"])


WORDS = ("Acme", "Industries", "Northern", "Bakery", "Logistics", "Energy", "Halden")
