"""Sentences of pure files: said in English, and sayable in any other language.

A pure file knows no translation, so what it says is an English text that remembers its form and
its facts. Whoever shows it says it anew in the reader's language (`rendering.translation`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Fact = str | int | float


class Sentence(str):
    """An English text; `form` is it with `%(name)s` where a fact stands.

    Facts may be sentences themselves. Compares and prints as the text it is.
    """

    form: str
    facts: Mapping[str, Fact]

    def say(self, translate: Callable[[str], str]) -> str:
        """The same with its form, and those of the sentences in it, translated."""
        facts = {
            name: fact.say(translate) if isinstance(fact, Sentence) else fact
            for name, fact in self.facts.items()
        }
        return translate(self.form) % facts


def sentence(form: str, /, **facts: Fact) -> Sentence:
    """`sentence("Row %(row)s has no id.", row=3)`; the form is a literal, so that it is gathered."""
    said = Sentence(form % facts)
    said.form, said.facts = form, facts
    return said


def sentence_to_json(text: str) -> Any:
    """A sentence as `{"form": …, "facts": {…}}`, any other text as itself."""
    if not isinstance(text, Sentence):
        return text
    return {
        "form": text.form,
        "facts": {
            name: sentence_to_json(fact) if isinstance(fact, str) else fact
            for name, fact in text.facts.items()
        },
    }


def sentence_from_json(stored: Any) -> str:
    if not isinstance(stored, Mapping):
        return str(stored)
    facts = {
        name: sentence_from_json(fact) if isinstance(fact, Mapping) else fact
        for name, fact in stored["facts"].items()
    }
    return sentence(stored["form"], **facts)


def reason_of(error: Exception) -> str:
    """What an exception says, as the sentence it was raised with."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Sentence) else str(error)
