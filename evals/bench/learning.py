"""docs/LEARNING.md: drift found and cried, a large ledger tracked, and when learning anew pays.

python -m skucast.evals.bench.learning [--only drift scale retraining]
"""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...tools.files import write_whole
from . import drift, learning_scale, retraining
from .learning_page import page
from .machine import machine

DOCS = Path(__file__).parents[2] / "docs"
BENCHES: dict[str, Callable[[], dict[str, Any]]] = {
    "drift": drift.measure,
    "scale": learning_scale.measure,
    "retraining": retraining.measure,
}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure what was asked for, keep the rest, and write docs/learning.json and docs/LEARNING.md."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.learning")
    parser.add_argument("--only", nargs="*", choices=list(BENCHES), default=list(BENCHES))
    parser.add_argument("--out", type=Path, default=DOCS)
    asked = parser.parse_args(argv)
    path = asked.out / "learning.json"
    for name in asked.only:
        print(f"bench: {name}", flush=True)
        made = BENCHES[name]() | {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        write_whole(path, json.dumps(found | {name: made}, indent=1) + "\n")
    write_whole(asked.out / "LEARNING.md", page(json.loads(path.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
