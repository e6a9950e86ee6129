"""All benchmarks, one table: `make bench`. Ends with 1 when a bar is missed."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.report import Row, print_table


def main() -> int:
    rows: list[Row] = []
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"Running {file.stem}", file=sys.stderr, flush=True)
        rows += import_module(f"tests.benchmarks.{file.stem}").run()
    return 0 if print_table(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
