"""What pure files say can be kept, and said in another language."""

import json

from adoption.scheduling import InvalidPlan
from adoptiq import wording
from rendering.sentences import (
    reason_of,
    sentence,
    sentence_from_json,
    sentence_to_json,
)
from rendering.translation import translated
from tests.paths import ROOT

NORSK = {
    "Row %(row)s, “%(name)s”": "Rad %(row)s, «%(name)s»",
    "%(where)s has no duration.": "%(where)s mangler varighet.",
}


def test_a_sentence_in_a_sentence_is_said_in_the_readers_language() -> None:
    where = sentence("Row %(row)s, “%(name)s”", row=3, name="100 % done")
    said = sentence("%(where)s has no duration.", where=where)
    assert said == "Row 3, “100 % done” has no duration."
    assert said.say(NORSK.__getitem__) == "Rad 3, «100 % done» mangler varighet."
    kept = sentence_from_json(json.loads(json.dumps(sentence_to_json(said))))
    assert (kept, kept.say(NORSK.__getitem__)) == (said, said.say(NORSK.__getitem__))  # type: ignore[attr-defined]


def test_any_other_text_is_said_as_it_is() -> None:
    assert sentence_from_json(sentence_to_json("100 % done")) == "100 % done"
    assert translated("100 % done") == "100 % done"
    assert reason_of(ValueError("too late")) == "too late"
    assert reason_of(InvalidPlan(sentence("Too late."))).form == "Too late."  # type: ignore[attr-defined]


def test_forms_are_gathered_for_translators() -> None:
    found = wording.gather(ROOT)
    assert "%(where)s: the lag in “%(text)s” is not like +2d or -3h." in found
