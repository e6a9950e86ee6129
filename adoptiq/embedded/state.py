"""What the keeper is doing, in a small file that its users follow."""

import json
from dataclasses import dataclass

from adoptiq.embedded.folder import Home, read_json, write_file

STARTING = "starting"
READY = "ready"
FAILED = "failed"
STOPPING = "stopping"


@dataclass(frozen=True)
class State:
    """One of the four words above, and a sentence for people."""

    name: str
    message: str


def write_state(home: Home, name: str, message: str) -> None:
    write_file(home.state_file, json.dumps({"name": name, "message": message}), home)


def read_state(home: Home) -> State:
    stored = read_json(home.state_file) or {}
    return State(str(stored.get("name", STARTING)), str(stored.get("message", "")))
