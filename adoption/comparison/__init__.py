"""Versions of a plan compared: what moved, what came and went, and why it ends later. Pure.

found = compare(baseline, live, calendar=calendar)
found.finish_days, found.causes[0].name
"""

from adoption.comparison.chains import Cause
from adoption.comparison.comparing import Comparison, LinkChange, RowChange, compare
from adoption.comparison.merging import made_in, renamed
from adoption.comparison.versions import (
    Version,
    VersionLink,
    VersionRow,
    digest_of,
    from_contents,
    spans_of,
    to_contents,
)

__all__ = [
    "Cause",
    "Comparison",
    "LinkChange",
    "RowChange",
    "Version",
    "VersionLink",
    "VersionRow",
    "compare",
    "digest_of",
    "from_contents",
    "made_in",
    "renamed",
    "spans_of",
    "to_contents",
]
