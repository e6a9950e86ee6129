"""The keeper's entry: python -m adoptiq.embedded HOME LOCK_DESCRIPTOR [--fast]."""

import sys
from pathlib import Path

from adoptiq.embedded.folder import Home
from adoptiq.embedded.keeper import keep

if __name__ == "__main__":
    # The lock's descriptor stays open, unused, for as long as this process lives.
    sys.exit(keep(Home.at(Path(sys.argv[1])), fast="--fast" in sys.argv))
