"""Takes every address out of package-lock.json; versions and hashes stay."""

import json
from pathlib import Path

LOCK = Path(__file__).parent / "package-lock.json"

lock = json.loads(LOCK.read_text())
for package in lock["packages"].values():
    for name in ("resolved", "funding"):
        package.pop(name, None)
LOCK.write_text(json.dumps(lock, indent=2) + "\n")
