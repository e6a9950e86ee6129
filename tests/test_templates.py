"""Every template: it compiles, keeps the content policy, and works as a plain page first."""

import re
from collections.abc import Iterator

import pytest
from django.template.loader import get_template

from tests.paths import ROOT

TEMPLATES = ROOT / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
ICONS = "components/_icons.html"

TAG = re.compile(r"<(?P<name>[a-z][a-z0-9-]*)\b(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>", re.S)
TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)

# What must not stand in a template, and why.
FORBIDDEN = {
    r"<style\b": "style sheets are files",
    r"\|\s*safe\b|\bsafeseq\b|\bautoescape\s+off\b|\bmark_safe\b": "text is always escaped",
    r"\bhx-vals\s*=\s*['\"]\s*(js|javascript):": "values are JSON",
    r"(?:href|action|src)\s*=\s*['\"]?\s*javascript:": "addresses are addresses",
    r"hx-trigger\s*=\s*(?:\"[^\"]*\[|'[^']*\[)": "a trigger filter needs eval",
    r"(?:href|src|action|formaction)\s*=\s*['\"]?\s*(?:https?:)?//": "everything comes from here",
    r"<(?:iframe|object|embed|base|applet)\b": "nothing is embedded",
    r"http-equiv\s*=": "headers are headers",
    r"\bcsrf_exempt\b": "every form is protected",
}


def markup(name: str) -> str:
    """The template without comments, each piece of template code replaced by a plain word."""
    text = (TEMPLATES / name).read_text()
    text = re.sub(r"\{% comment.*?endcomment %\}|<!--.*?-->", "", text, flags=re.S)
    return TEMPLATE_CODE.sub(lambda code: "¤" if code.group().startswith("{{") else " ", text)


def tags(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in TAG.finditer(markup(name)):
        yield tag["name"], attributes(tag["rest"])


def attributes(rest: str) -> dict[str, str]:
    found = re.findall(r"([a-zA-Z@:][\w:.@-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+)))?", rest)
    return {name.lower(): one or two or three for name, one, two, three in found}


@pytest.mark.parametrize("name", ALL)
def test_it_compiles(name: str) -> None:
    assert get_template(name).template.nodelist  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ALL)
def test_nothing_forbidden_stands_in_it(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert [why for pattern, why in FORBIDDEN.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("name", ALL)
def test_no_attribute_breaks_the_content_policy(name: str) -> None:
    wrong = [
        (tag, attribute)
        for tag, given in tags(name)
        for attribute in given
        if attribute == "style" or attribute.startswith(("on", "hx-on"))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ALL)
def test_scripts_are_files_or_data(name: str) -> None:
    for tag, given in tags(name):
        if tag == "script":
            assert "src" in given or given.get("type") == "application/json"


@pytest.mark.parametrize("name", ALL)
def test_it_works_as_a_plain_page(name: str) -> None:
    for tag, given in tags(name):
        if "hx-get" in given:
            by_itself = re.search(r"\b(load|every|revealed)\b", given.get("hx-trigger", ""))
            assert by_itself or "href" in given or "action" in given, given
        if "hx-post" in given:
            assert tag == "form" and "action" in given, given
        assert not {"hx-put", "hx-patch", "hx-delete"} & set(given)


@pytest.mark.parametrize("name", ALL)
def test_forms_that_change_something_are_protected(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.S):
        if re.search(r"method\s*=\s*[\"']?post|hx-post", form, flags=re.I):
            assert "csrf_token" in form


@pytest.mark.parametrize("name", ALL)
def test_a_page_that_opens_another_window_does_not_hand_itself_over(name: str) -> None:
    for _tag, given in tags(name):
        if given.get("target") == "_blank":
            assert "noopener" in given.get("rel", ""), given


@pytest.mark.parametrize(
    "text",
    [
        "{{ name|safe }}",
        "{% autoescape off %}",
        "<a href=javascript:x()>",
        "<a href='//elsewhere'>",
        '<form action="https://elsewhere">',
        "<button hx-vals='js:{a: 1}'>",
        '<div hx-trigger="click[ctrlKey]">',
        "<iframe src=x>",
        "<style>",
    ],
)
def test_what_is_forbidden_is_found(text: str) -> None:
    assert any(re.search(pattern, text) for pattern in FORBIDDEN)


@pytest.mark.parametrize("name", ALL)
def test_every_icon_is_in_the_sprite(name: str) -> None:
    sprite = set(re.findall(r'<symbol id="i-([a-z-]+)"', (TEMPLATES / ICONS).read_text()))
    text = (TEMPLATES / name).read_text()
    used = set(re.findall(r"_icon\.html\" with name=\"([a-z-]+)\"", text))
    used |= set(re.findall(r"href=\"#i-([a-z-]+)\"", text))
    assert used - sprite == set()


@pytest.mark.parametrize("name", ALL)
def test_buttons_and_fields_have_names(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    labelled = set(re.findall(r"\bfor=\"([^\"]+)\"", TEMPLATE_CODE.sub("¤", text)))
    for tag, given in tags(name):
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            named = {"aria-label", "aria-labelledby"} & set(given)
            assert named or TEMPLATE_CODE.sub("¤", given.get("id", "")) in labelled, given


def test_pages_are_named_after_what_they_show() -> None:
    apps = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    known = {path.name for path in ROOT.iterdir() if (path / "apps.py").is_file()}
    # Parts of the project with pages of their own.
    known |= {path.parent.name for path in ROOT.glob("adoptiq/*/urls.py")}
    assert apps - known == {"components", "account", "allauth", "mfa", "usersessions"} & apps


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('<a style="color:red">', {"style"}),
        ("<button onclick='x()'>", {"onclick"}),
        ('<form hx-on:click="x">', {"hx-on:click"}),
        ('<a href="?a=b>c" {% if x %}hidden{% endif %}>', {"href", "hidden"}),
    ],
)
def test_the_reader_of_tags_sees_what_it_must(text: str, names: set[str]) -> None:
    tag = TAG.search(TEMPLATE_CODE.sub(" ", text))
    assert tag is not None
    assert set(attributes(tag["rest"])) == names


def test_no_template_lies_outside_the_folder() -> None:
    assert [path for path in ROOT.glob("*/templates") if path.is_dir()] == []
