"""Where tests find their input."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
# Larger real input that lies beside a checkout; nothing that must run everywhere depends on it.
SHARED_DATA = ROOT.parent / "shared" / "data"
