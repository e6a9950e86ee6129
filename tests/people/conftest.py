"""A key of its own for each test: what one test tried counts for no other."""

from secrets import token_hex
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_secret_key(settings: Any) -> None:
    settings.SECRET_KEY = token_hex(32)
