"""Browsers that nobody sits at, by what they call themselves."""

from __future__ import annotations

import re
from functools import lru_cache

# Cubot makes telephones.
_ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|headless|lighthouse|pingdom|uptime|statuscake|phantomjs"
    r"|selenium|playwright|puppeteer|cypress|prerender|facebookexternalhit|\bcurl/|\bwget/"
    r"|python-requests/|go-http-client/|httpclient",
    re.I,
)
_LONGEST = 600


def is_robot(user_agent: str) -> bool:
    """Whether a user agent is that of a program: a crawler, a watcher, a test."""
    return _is_robot(user_agent[:_LONGEST])


@lru_cache(maxsize=512)
def _is_robot(user_agent: str) -> bool:
    return bool(_ROBOT.search(user_agent))
