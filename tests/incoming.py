"""A file taken through its steps, as somebody does it who changes nothing on the way."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


@dataclass(frozen=True)
class Brought:
    """What became of a file: the answer of the last step it reached, and whether it came in."""

    response: Any
    came_in: bool
    result: Any = None

    @property
    def text(self) -> str:
        return self.response.content.decode()

    @property
    def errors(self) -> Any:
        """What the step where it ended says against it."""
        form = self.response.context["form"]
        return form.errors or (self.result.errors if self.result else None)


def bring_in(
    client: Client,
    path: str,
    content: bytes,
    name: str = "customers.csv",
    **choices: str,
) -> Brought:
    """Upload, take the columns as they are guessed, look at the check, bring in."""
    response = client.post(path, {"file": SimpleUploadedFile(name, content)})
    if response.status_code != 302:
        return Brought(response, came_in=False)
    columns = response["Location"]
    response = client.post(columns, as_guessed(client.get(columns)))
    if response.status_code != 302:
        return Brought(response, came_in=False)
    check = response["Location"]
    seen = client.get(check)
    response = client.post(check, choices)
    result = seen.context["result"]
    if response.status_code != 302:
        return Brought(response, came_in=False, result=result)
    return Brought(client.get(response["Location"]), came_in=True, result=result)


def as_guessed(page: Any) -> dict[str, str]:
    """What the form of a file's columns would send as it stands."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields}
