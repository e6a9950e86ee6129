"""What docs/security.md says holds a claim is there."""

import re

from tests.paths import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text()


def test_every_test_it_names_exists() -> None:
    named = set(re.findall(r"tests/[\w/]+\.py", TEXT))
    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).is_file()} == set()


def test_a_row_without_a_test_says_that_it_deviates() -> None:
    for line in TEXT.splitlines():
        if re.match(r"\| [0-9]", line) and re.search(r"\|\s*\|$", line):
            assert "**deviation**" in line, line
