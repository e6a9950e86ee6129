"""The page on which somebody says what the columns of a usage log are."""

from typing import Any

from django.test import Client


def confirm(browser: Client, path: str, **changed: str) -> Any:
    """Send its form as it was offered, but for what is changed."""
    form = browser.get(path).context["form"]
    said = {field.html_name: field.value() or "" for field in form if not field.field.disabled}
    return browser.post(path, said | changed)
