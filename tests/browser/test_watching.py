"""The watch itself: what is planted on a page is seen."""

import pytest

from tests.browser.conftest import Visits

PLANTED = {
    "an inline style": (
        "main.innerHTML = '<p style=\"color: red\">red</p>'",
        "policy: style-src-attr",
    ),
    "an inline script": (
        "main.append(Object.assign(document.createElement('script'), {text: '1'}))",
        "policy: script-src-elem",
    ),
    "a picture from elsewhere": (
        "main.append(Object.assign(new Image(), {src: 'https://elsewhere.example/a.png'}))",
        "policy: img-src",
    ),
    "a file that is missing": ("fetch('/static/nowhere.css')", "404: "),
    "an error thrown": ("setTimeout(() => { throw new Error('planted'); })", "thrown: planted"),
    "an error logged": ("console.error('planted')", "error: planted"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_seen(visits: Visits, name: str) -> None:
    script, told = PLANTED[name]
    page = visits.page()
    page.goto("/accounts/login/")
    page.evaluate(f"() => {{ const main = document.querySelector('main'); {script}; }}")
    watch = visits.watch_of(page)
    for _moment in range(50):
        if any(told in fault for fault in watch.faults):
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail(f"Not seen: {name}")
    watch.faults.clear()
