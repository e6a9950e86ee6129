"""The client for clamd, against a real socket."""

from pathlib import Path

import pytest

from engagements.adapters.clamd import ScannerAway, scan
from tests.engagements import papers
from tests.engagements.scanners import STREAM_LIMIT, scanner


def test_a_clean_file_goes_over_whole_and_a_virus_is_named(tmp_path: Path) -> None:
    for path in ("", str(tmp_path / "clamd.sock")):
        with scanner(path) as (address, seen):
            assert scan(address, [b"ab", b"cd"], seconds=5).clean
            verdict = scan(address, [papers.EICAR[:20], papers.EICAR[20:]], seconds=5)
        assert seen == [b"abcd", papers.EICAR]
        assert (verdict.clean, verdict.finding) == (False, "Eicar-Test-Signature")


def test_a_scanner_that_refuses_or_is_not_there_has_not_said_clean(tmp_path: Path) -> None:
    with scanner() as (address, _seen):
        with pytest.raises(ScannerAway):
            scan(address, [bytes(STREAM_LIMIT), b"x", *[bytes(STREAM_LIMIT)] * 9], seconds=5)
    for away in (address, f"clamd://{tmp_path}/none.sock"):
        with pytest.raises(ScannerAway):
            scan(away, [b"x"], seconds=1)
