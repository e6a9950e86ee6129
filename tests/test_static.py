"""What the browser is given: vendored files as they were, weight, and no file nobody uses."""

import gzip
import hashlib
import importlib.resources
import re

import pytest

from tests.paths import ROOT

STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = ROOT / "templates"
NOTES = {"CHECKSUMS", "SOURCES.txt"}
STATIC_TAG = re.compile(r"""\{% static ['"]([^'"]+)['"] %\}""")
HEAVIEST_PAGE_BYTES = 150 * 1024
HEAVIEST_CHART_PAGE_BYTES = 600 * 1024


def vendored() -> set[str]:
    return {path.name for path in VENDOR.iterdir()} - NOTES


def checksums() -> dict[str, str]:
    lines = (VENDOR / "CHECKSUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def packed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)


def assets(template: str) -> list[str]:
    text = (TEMPLATES / template).read_text()
    return [name for name in STATIC_TAG.findall(text) if name.endswith((".css", ".js"))]


def test_every_vendored_file_is_the_one_that_was_checked() -> None:
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in vendored()}
    assert found == checksums()


def test_every_vendored_file_has_a_source() -> None:
    sources = (VENDOR / "SOURCES.txt").read_text()
    assert {name for name in vendored() if name not in sources} == set()


def test_htmx_is_the_copy_of_the_installed_package() -> None:
    package = importlib.resources.files("django_htmx") / "static/django_htmx/htmx-2.min.js"
    assert (VENDOR / "htmx-2.min.js").read_bytes() == package.read_bytes()
    assert 'version:"2.0.10"' in package.read_text()


def test_no_file_asks_for_anything_from_elsewhere() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        addresses = re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", sheet.read_text())
        for address, imported in addresses:
            assert not imported, sheet.name
            assert not re.search(r"//|^data:", address.strip("\"'")), (sheet.name, address)


@pytest.mark.parametrize("sheet", ["css/tokens.css", "css/app.css", "css/parts.css"])
def test_what_a_style_sheet_names_is_there(sheet: str) -> None:
    path = STATIC / sheet
    for address in re.findall(r"url\(\"?([^)\"#]+)\"?\)", path.read_text()):
        assert (path.parent / address).resolve().is_file(), address


def test_a_page_without_charts_is_light() -> None:
    names = assets("base.html")
    assert "css/tokens.css" in names
    assert packed(*names) <= HEAVIEST_PAGE_BYTES


def test_a_page_with_charts_is_not_heavy() -> None:
    names = [*assets("base.html"), "js/charts.js", "vendor/plotly-basic.min.js"]
    assert packed(*names) <= HEAVIEST_CHART_PAGE_BYTES


def test_every_own_file_is_used_by_a_page() -> None:
    named = {
        name
        for template in TEMPLATES.rglob("*.html")
        for name in STATIC_TAG.findall(template.read_text())
    }
    own = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*.[cj]ss*") if path.is_file()}
    own |= {str(path.relative_to(STATIC)) for path in STATIC.rglob("*.js")}
    assert own - named == set()
