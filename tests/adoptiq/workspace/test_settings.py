"""The settings of a workspace: kept, refused in words, written down, and followed by pages."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import error_beside

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FIELDS = {
    "name": "Acme",
    "slug": "acme",
    "time_zone": "Europe/Oslo",
    "locale": "en-GB",
    "currency": "EUR",
}


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def entries(cast: Cast) -> list[AuditEntry]:
    with tenant_scope(cast.tenant.pk):
        return list(AuditEntry.objects.filter(action__startswith="workspace.").order_by("seq"))


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", size, "#aa2211").save(written, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", written.getvalue())


def test_settings_are_kept_and_written_down(cast: Cast, admin: Client) -> None:
    change = FIELDS | {"name": "Acme Cloud", "time_zone": "Asia/Tokyo", "currency": "NOK"}
    response = admin.post(cast.at("settings/"), change, follow=True)
    assert "in Asia/Tokyo from now on" in response.content.decode()
    tenant = Tenant.objects.get(pk=cast.tenant.pk)
    assert (tenant.name, tenant.time_zone, tenant.currency) == ("Acme Cloud", "Asia/Tokyo", "NOK")
    (entry,) = entries(cast)
    assert entry.actor_name == str(cast.admin)
    assert entry.facts == {
        "name": ["Acme", "Acme Cloud"],
        "time_zone": ["Europe/Oslo", "Asia/Tokyo"],
        "currency": ["EUR", "NOK"],
    }


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "required"),
        ({"slug": "Not a slug"}, "slug", "lower-case letters"),
        ({"slug": "rival"}, "slug", "already exists"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "valid choice"),
        ({"locale": "xx-XX"}, "locale", "valid choice"),
        ({"currency": "ABC"}, "currency", "valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    cast: Cast, admin: Client, change: dict[str, str], field: str, words: str
) -> None:
    response = admin.post(cast.at("settings/"), FIELDS | change)
    assert response.status_code == 200
    assert words in error_beside(response, field)
    assert Tenant.objects.get(pk=cast.tenant.pk).name == "Acme"
    assert entries(cast) == []


def test_another_short_name_leads_to_the_new_address(cast: Cast, admin: Client) -> None:
    response = admin.post(cast.at("settings/"), FIELDS | {"slug": "acme-cloud"})
    assert response["Location"] == "/w/acme-cloud/settings/"
    assert admin.get("/w/acme-cloud/").status_code == 200
    assert admin.get("/w/acme/").status_code == 404


@pytest.mark.parametrize(
    "path", ["settings/", "settings/look/", "settings/second-factor/", "settings/calendar/"]
)
def test_only_an_administrator_changes_settings(cast: Cast, path: str) -> None:
    for user in (cast.manager, cast.csm, cast.executive, cast.lead, cast.member):
        browser = cast.browser(user)
        assert browser.post(cast.at(path), FIELDS).status_code == 403
    assert cast.browser(cast.stranger).post(cast.at(path), FIELDS).status_code == 404
    assert Tenant.objects.get(pk=cast.tenant.pk).currency == "EUR"


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-GB", "18 November 2026"),
        ("en-US", "November 18, 2026"),
        ("de-DE", "18. November 2026"),
        ("nb-NO", "18. november 2026"),
        ("fr-FR", "18 novembre 2026"),
        ("ja-JP", "2026年11月18日"),
    ],
)
def test_pages_follow_the_formats(
    cast: Cast, admin: Client, locale: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    admin.post(cast.at("settings/"), FIELDS | {"locale": locale})
    assert said in admin.get(cast.at("")).content.decode()


def test_the_book_says_the_day_it_is_in_the_zone_of_the_workspace(
    cast: Cast, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON.replace(hour=20))
    admin.post(cast.at("settings/"), FIELDS | {"time_zone": "Asia/Tokyo"})
    assert "19 November 2026" in admin.get(cast.at("")).content.decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_made_small_and_shown_to_everybody(cast: Cast, admin: Client, kind: str) -> None:
    admin.post(cast.at("settings/look/"), {"accent": "", "logo_file": picture(kind)})
    answer = cast.browser(cast.member).get(cast.at("logo.png"))
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    with Image.open(BytesIO(answer.content)) as shown:
        assert shown.size == (288, 96)
    assert 'class="logo"' in admin.get(cast.at("")).content.decode()


def test_a_logo_carries_nothing_but_the_picture(cast: Cast, admin: Client) -> None:
    written = BytesIO()
    noted = Image.Exif()
    noted[0x010E] = "secret place"
    Image.new("RGB", (50, 50)).save(written, "JPEG", exif=noted, comment=b"secret word")
    upload = SimpleUploadedFile("logo.jpg", written.getvalue() + b"<script>secret</script>")
    admin.post(cast.at("settings/look/"), {"accent": "", "logo_file": upload})
    assert b"secret" not in bytes(Tenant.objects.get(pk=cast.tenant.pk).logo)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("logo.png", b"<svg onload='x()'/>"), "no picture"),
        (SimpleUploadedFile("logo.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "no picture"),
        (SimpleUploadedFile("logo.png", picture().read()[:60]), "no picture"),
        (SimpleUploadedFile("logo.png", b"x" * (2 * 1024 * 1024 + 1)), "too large"),
        (picture(size=(9000, 9000)), "too large"),
    ],
)
def test_what_is_no_logo_is_refused(
    cast: Cast, admin: Client, upload: SimpleUploadedFile, words: str
) -> None:
    upload.seek(0)
    response = admin.post(cast.at("settings/look/"), {"accent": "", "logo_file": upload})
    assert words in error_beside(response, "logo_file")
    assert Tenant.objects.get(pk=cast.tenant.pk).logo is None


def test_a_logo_goes_again(cast: Cast, admin: Client) -> None:
    admin.post(cast.at("settings/look/"), {"accent": "", "logo_file": picture()})
    admin.post(cast.at("settings/look/"), {"accent": "", "remove_logo": "on"})
    assert admin.get(cast.at("logo.png")).status_code == 404


def test_an_accent_colour_stands_in_a_style_sheet(cast: Cast, admin: Client) -> None:
    admin.post(cast.at("settings/look/"), {"accent": "#0A6B3F"})
    page = admin.get(cast.at("")).content.decode()
    assert f'href="{cast.at("accent.css")}?0a6b3f"' in page
    sheet = admin.get(cast.at("accent.css"))
    assert sheet["Content-Type"].startswith("text/css")
    assert "--accent:light-dark(#0a6b3f," in sheet.content.decode()


@pytest.mark.parametrize(
    ("colour", "words"), [("#ffdd00", "hard to read"), ("red", "six hexadecimal digits")]
)
def test_a_colour_nobody_could_read_is_refused(
    cast: Cast, admin: Client, colour: str, words: str
) -> None:
    response = admin.post(cast.at("settings/look/"), {"accent": colour})
    assert words in error_beside(response, "accent")
    assert Tenant.objects.get(pk=cast.tenant.pk).accent == ""


def test_the_second_factor_rule_is_kept(cast: Cast, admin: Client) -> None:
    admin.post(cast.at("settings/second-factor/"), {"second_factor": "staff"})
    assert Tenant.objects.get(pk=cast.tenant.pk).second_factor == "staff"
    (entry,) = entries(cast)
    assert entry.facts == {"second_factor": ["", "staff"]}


def calendar(**fields: Any) -> dict[str, Any]:
    return {"working_days": ["1", "2", "3", "4", "5"], "country": ""} | fields


def test_the_calendar_is_kept(cast: Cast, admin: Client) -> None:
    week = calendar(working_days=["7", "1", "2", "3", "4"], country="DE", part="BY")
    page = admin.post(cast.at("settings/calendar/"), week, follow=True).content.decode()
    tenant = Tenant.objects.get(pk=cast.tenant.pk)
    assert (tenant.working_days, tenant.holiday_region) == ([1, 2, 3, 4, 7], "DE-BY")
    assert "Epiphany" in page


def test_choosing_a_country_shows_its_days_before_anything_is_saved(
    cast: Cast, admin: Client
) -> None:
    page = admin.get(
        cast.at("settings/calendar/"),
        calendar(country="NO", part="BY"),
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "<html" not in page
    assert "valid choice" in page
    page = admin.get(
        cast.at("settings/calendar/"), calendar(country="NO"), headers={"HX-Request": "true"}
    ).content.decode()
    assert "Constitution Day" in page
    assert Tenant.objects.get(pk=cast.tenant.pk).holiday_region == ""


def test_a_week_without_work_is_refused(cast: Cast, admin: Client) -> None:
    response = admin.post(cast.at("settings/calendar/"), {"country": "", "part": ""})
    assert "at least one working day" in response.content.decode()
    assert Tenant.objects.get(pk=cast.tenant.pk).working_days == [1, 2, 3, 4, 5]
