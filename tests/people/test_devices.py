import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from people.devices import MOST_ACCOUNTS, describe_device, known_device, remember_device


def carried(*emails: str) -> RequestFactory:
    """A browser that these have signed in from, one after the other."""
    browser = RequestFactory()
    for email in emails:
        response = HttpResponse()
        remember_device(browser.get("/"), response, email)
        browser.cookies["device"] = response.cookies["device"].value
    return browser


def test_a_device_knows_who_signed_in_from_it() -> None:
    browser = carried("ann@example.org")
    assert known_device(browser.get("/"), " Ann@Example.org ")
    assert not known_device(browser.get("/"), "bob@example.org")


def test_it_stays_one_device_for_several_people() -> None:
    browser = carried("ann@example.org", "bob@example.org")
    ids = {known_device(browser.get("/"), f"{name}@example.org") for name in ("ann", "bob")}
    assert len(ids) == 1


def test_it_knows_the_last_few() -> None:
    names = [f"p{number}@example.org" for number in range(MOST_ACCOUNTS + 1)]
    browser = carried(*names)
    assert not known_device(browser.get("/"), names[0])
    assert known_device(browser.get("/"), names[-1])


def test_a_changed_one_knows_nobody() -> None:
    browser = carried("ann@example.org")
    browser.cookies["device"] = browser.cookies["device"].value[:-1] + "x"
    assert not known_device(browser.get("/"), "ann@example.org")


def test_no_address_stands_in_it() -> None:
    assert "ann" not in carried("ann@example.org").cookies["device"].value


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/140 Safari/537.36",
            "Chrome on macOS",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8.5", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_what_a_browser_says_reads_as_people_say_it(said: str, reads: str) -> None:
    assert describe_device(said) == reads
