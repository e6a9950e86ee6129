import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from people.passwords import LONG_LIST, common_words, is_common

COMMON = [
    "password1234",
    "Password2024!!",
    "P@ssw0rd1234",
    "123456789012",
    "qwertyuiop123",
    "QWERTY12345678",
    "abcdefghijkl",
    "aaaaaaaaaaaaa",
    "passwordpassword",
    "dragondragondragon",
    "correct horse battery staple",
    "Correct-Horse-Battery-Staple",
    "iloveyou123456",
    "1q2w3e4r5t6y",
    "---football---",
]
GOOD = [
    "a long enough sentence",
    "amber-birch-cobalt-delta-ember",
    "my aunt keeps nine brown bees",
    "Wq7#kv9!Lz2@pT",
    "kjh2 8fhq nn3k zz",
    "483199217744ax",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert is_common(password)
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_guesses_is_taken(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(("length", "taken"), [(11, False), (12, True), (128, True), (129, False)])
def test_length(length: int, taken: bool) -> None:
    password = ("tulip over granite, " * 10)[:length]
    try:
        validate_password(password)
    except ValidationError:
        assert not taken
    else:
        assert taken


def test_no_kinds_of_signs_are_asked_for() -> None:
    validate_password("only small letters here")


def test_the_list_kept_here_is_long_enough_to_matter() -> None:
    lines = LONG_LIST.read_text().split()
    assert len(lines) > 100
    assert len(common_words()) > 19_000


@given(st.sampled_from(sorted(common_words())), st.from_regex(r"[0-9!?.]{0,4}", fullmatch=True))
def test_a_common_word_with_a_few_signs_stays_common(word: str, tail: str) -> None:
    if word.isalpha() and word.islower() and len(word) > 4:
        assert is_common(word + tail)
        assert is_common(word.upper() + tail)
