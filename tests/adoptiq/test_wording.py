"""The sentences of the product: gathered whole, kept current, and every page made of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from adoptiq import wording
from tenancy.models import Role
from tests.paths import ROOT
from tests.world import World, make_world

LEFT, RIGHT = "⟦", "⟧"
# Names and texts that people wrote, or that the files and programs they use carry.
WRITTEN = re.compile(
    r"Acme|Halden|Solberg|solberg|Admin|Manager|Csm|Executive|Lead|Member|AdoptIQ|CSV|UTC|HALDEN"
    r"|SOLBERG|\w+@example\.org|Europe/\w+|Asia/\w+|own key|usage|aiq_\w+|Ctrl|Esc|Enter|SHA-256"
    r"|\bK\b|[a-z-]+\.csv|[a-z_]+\.[a-z_]+|step \d|\d[\d,.]*|people at work|lead|sponsor|count|event|user|roll-out|halden|The plan of|runs late|Files|ValueError: own run|\bown\b-?|guest|A criterion of|is agreed|tier|gold|\bold\b|-?crm|hidden|shared|host|handbook|member|\(\w+ …\)"
)
MONTHS = r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
DAYS = re.compile(rf"\b(?:{MONTHS})\w*\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\bd\b")
SKIPPED = re.compile(
    r"<(script|style|svg|template|code|select|textarea|kbd)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.S
)
# Not the audit log: it shows what was recorded, in the words of that time.
PAGES = (
    "",
    "usage/",
    "usage/sources/",
    "settings/",
    "settings/calendar/",
    "settings/members/",
    "settings/keys/",
    "settings/data/",
    "settings/jobs/",
    "inbox/",
    "customers/new/",
    "customers/import/",
)


def test_what_translators_start_from_is_current() -> None:
    """When this fails: make messages."""
    call_command("messages", "--check")


def test_sentences_of_all_kinds_are_gathered(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "apps.py").write_text("")
    code = "_('One'); ngettext('%(n)s day', '%(n)s days', n); _lazy('Later'); f(_('A' 'B'))"
    (tmp_path / "app" / "code.py").write_text(code)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% load i18n %}<a title=\"{% translate 'Go (on)' %}\">{% blocktranslate with n=name %}"
        "Hello {{ n }}{% endblocktranslate %}{% blocktranslate count n=n %}One dog{% plural %}"
        "{{ n }} dogs{% endblocktranslate %}</a>"
    )
    found = {message.id for message in wording.gather(tmp_path) if message.id}
    assert found == {
        *("One", "Later", "AB", "Go (on)", "Hello %(n)s"),
        *(("%(n)s day", "%(n)s days"), ("One dog", "%(n)s dogs")),
    }


@pytest.fixture
def bracketed(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Every sentence of the product in brackets."""
    catalog = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for message in wording.gather(ROOT):
        if message.id:
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            marked = tuple(f"{LEFT}{form}{RIGHT}" for form in forms)
            catalog.add(message.id, marked if len(marked) > 1 else marked[0])
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    _forget()
    yield
    _forget()


def _forget() -> None:
    trans_real._translations = {}
    trans_real._default = None
    translation.activate("en")


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    return make_world(tmp_path)


def bare(html: str) -> set[str]:
    """Words of a page outside every bracket that nobody wrote into the workspace."""
    body = html[html.index("<body") :] if "<body" in html else html
    text = SKIPPED.sub("\n", body)
    while (
        f"{LEFT}" in text
        and (shorter := re.sub(rf"{LEFT}[^{LEFT}{RIGHT}]*{RIGHT}", " ", text)) != text
    ):
        text = shorter
    text = DAYS.sub(" ", WRITTEN.sub(" ", text))
    # Libraries bring their own translations: of a box, and of the names of holidays.
    text = re.sub("Remember Me|Norway|(?:Second Day of )?Christmas(?: Day)?|New Year.*", "", text)
    return {line.strip() for line in text.splitlines() if re.search(r"[^\W\d_]{2,}", line)}


def test_every_word_of_the_main_pages_is_translated(bracketed: None, world: World) -> None:
    admin = world.browsers[Role.ADMIN.value]
    cast = world.cast
    own = (
        f"customers/{cast.customer.pk}/",
        f"engagements/{cast.engagement.pk}/plan/",
        f"engagements/{cast.engagement.pk}/usage/",
    )
    found = {}
    for path in (*PAGES, *own):
        response = admin.get(cast.at(path))
        assert response.status_code == 200, path
        page = response.content.decode()
        assert LEFT in page, path
        if words := bare(page):
            found[path] = words
    assert found == {}


def test_the_page_before_signing_in_is_translated(bracketed: None, db: None) -> None:
    assert bare(Client().get("/accounts/login/").content.decode()) == set()
