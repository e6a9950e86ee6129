"""The sentences of the product, gathered from code and templates for whoever translates them."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "sentence")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
CALL = re.compile(r"\bn?p?gettext\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[^()'\"])*\)")
NOT_OURS = {"migrations", "tests", ".venv", "node_modules", "static"}
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: AdoptIQ\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
Message = str | tuple[str, ...]


def gather(root: Path) -> Catalog:
    """Every sentence under a folder, with the files it stands in."""
    catalog = Catalog(locale="en", project="AdoptIQ", charset="utf-8", fuzzy=False)
    for path in sorted(_sources(root)):
        place = path.relative_to(root).as_posix()
        for line, message, context in _messages(path, root):
            catalog.add(message, locations=[(place, line)], context=context)
    return catalog


def _sources(root: Path) -> Iterable[Path]:
    apps = [path.parent for path in root.glob("*/apps.py")]
    for folder in [*apps, root / "templates"]:
        for path in folder.rglob("*"):
            if path.suffix in (".py", ".html", ".txt") and not NOT_OURS & set(path.parts):
                yield path


def _messages(path: Path, root: Path) -> Iterator[tuple[int, Message, str | None]]:
    text = path.read_text()
    source = text if path.suffix == ".py" else _as_python(templatize(text, origin=str(path)))
    found = extract_python(BytesIO(source.encode()), dict(KEYWORDS), [], {"encoding": "utf-8"})
    for line, function, said, _comments in found:
        message, context = _chosen(KEYWORDS[str(function)], said)
        if message:
            yield line, message, context


def _as_python(templatized: str) -> str:
    """The calls that Django makes of a template's sentences, without the filling between them."""
    return "\n".join(match[0] for match in CALL.finditer(templatized))


def _chosen(places: Any, said: Any) -> tuple[Message | None, str | None]:
    """Which arguments of a call are the sentence, and which says where it stands."""
    words = said if isinstance(said, tuple) else (said,)
    if places is None:
        return words[0], None
    if isinstance(places[0], tuple):
        return words[1], words[0]
    return ((words[0], words[1]) if all(words[:2]) else None), None


def written(catalog: Catalog) -> str:
    """As a .po file, sorted, without dates and line numbers, so that it changes with words only."""
    target = BytesIO()
    write_po(target, catalog, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return HEADER + target.getvalue().decode()
