"""Every word a person reads can be translated: none stands bare in a template or in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.test_conventions import CODE

# The page for when anything may be broken, translation too, needs nothing but itself.
BY_ITSELF = "500.html"
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if path.name != BY_ITSELF)
# Names, units and signs that are the same in every language.
SAME_EVERYWHERE = re.compile(r"AdoptIQ|CSV|SHA-256|OpenAPI|API|JSON|XLSX|UTC|&[a-z]+;|\bd\b")
SAID = ("title", "aria-label", "placeholder", "alt", "data-said", "data-say")
TRANSLATED = re.compile(
    r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}|\{%\s*comment\b.*?endcomment\s*%\}"
    r"|\{%\s*block (?:main|body)_class\b.*?endblock[^%]*%\}|<kbd\b.*?</kbd>"
    r"|\{#.*?#\}|<!--.*?-->|<(script|style|svg)\b.*?</\1>|<code\b.*?</code>|<!doctype[^>]*>",
    re.S,
)
CODE_IN_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
TAG = re.compile(r"<[a-zA-Z/](?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.S)
LETTERS = re.compile(r"[^\W\d_]{2,}")


def bare_words(markup: str) -> list[str]:
    """What stands in text or in a spoken attribute without being marked for translation."""
    plain = CODE_IN_TEMPLATE.sub(" ", TRANSLATED.sub(" ", markup))
    attributes = [
        value for name in SAID for value in re.findall(rf"\s{name}=[\"']([^\"']*)[\"']", plain)
    ]
    text = TAG.sub("\n", plain).splitlines()
    found = (SAME_EVERYWHERE.sub(" ", words).strip() for words in [*text, *attributes])
    return [words for words in found if LETTERS.search(words)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_stands_bare_in_a_template(path: Path) -> None:
    assert bare_words(path.read_text()) == []


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<a title="Go on">{% translate "Go" %}</a>', ["Go on"]),
        ("<p>{% translate 'Hello' %} {{ name }} · AdoptIQ 12 %</p>", []),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", []),
        ('<p {% if a > b %}class="x"{% endif %}>{% if a %}yes{% endif %}</p>', ["yes"]),
    ],
)
def test_the_search_sees_what_it_must(markup: str, found: list[str]) -> None:
    assert bare_words(markup) == found


# Calls whose text a person reads, and the place of that text among the arguments.
SAYING = {"tell": 1, "success": 1, "error": 1, "warning": 1, "info": 1, "add_error": 1}
REFUSING = {"ValidationError", "PermissionDenied", "Http404", "RegexValidator"}
KEYWORDS = {
    "label",
    "help_text",
    "verbose_name",
    "violation_error_message",
    "empty_label",
    "action_label",
}
LOGGERS = {"log", "logger", "self.log"}


def bare_strings(source: str) -> Iterator[str]:
    """Texts in code that a person would read and nobody could translate."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    said: list[ast.expr] = [word.value for word in call.keywords if word.arg in KEYWORDS]
    if name in SAYING and owner not in LOGGERS:
        said += call.args[SAYING[name] : SAYING[name] + 1]
    if name in REFUSING:
        said += call.args
    yield from (ast.unparse(expression) for expression in said if _is_bare(expression))


def _is_bare(expression: ast.expr) -> bool:
    if isinstance(expression, ast.JoinedStr):
        return True
    if isinstance(expression, ast.BinOp):
        return _is_bare(expression.left)
    text = getattr(expression, "value", None)
    return isinstance(text, str) and " " in text


# Commands speak to operators. Pure files know no translation; their sentences are English.
NOT_TRANSLATED = {"management", "embedded", "scheduling", "adapters", "definitions"}


def user_facing(path: Path) -> bool:
    return not NOT_TRANSLATED & set(path.parts)


def test_no_sentence_stands_bare_in_code() -> None:
    found = {
        str(path.relative_to(ROOT)): bare
        for path in CODE
        if user_facing(path) and (bare := list(bare_strings(path.read_text())))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("tell(request, 'It is saved.')", ["'It is saved.'"]),
        ("messages.error(request, f'{name} is out.')", ["f'{name} is out.'"]),
        ("raise ValidationError('Not a day.')", ["'Not a day.'"]),
        ("forms.CharField(label='Your name')", ["'Your name'"]),
        ("tell(request, _('It is saved.'))", []),
        ("log.error('job parked')", []),
    ],
)
def test_the_search_in_code_sees_what_it_must(source: str, found: list[str]) -> None:
    assert list(bare_strings(source)) == found
