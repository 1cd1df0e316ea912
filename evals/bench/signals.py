"""How well readers read signals from notes: F1 of kind, dates and scope, sizes, false alarms, seconds a note.

    python -m skucast.evals.bench.signals [--reader engine --engine hf: --limit 20]

Writes docs/signals.json and docs/SIGNALS.md. The development half of the notes may be read to mend the rules; the
held-out half was written before them, and is only counted.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from ... import __version__
from ...agent.engines import DEFAULT_ENGINE
from ...agent.engines.opening import open_llm
from ...agent.forecast.readers import open_reader
from ...tools.data.demo import complete_journey_source
from ...tools.data.groups import ALL
from ...tools.data.panel import Panel
from ...tools.files import write_whole
from ...tools.text.notes import Note
from ...tools.text.signals import Kind, Reader, Scope, Signal, covers, read_signals

DOCS = Path(__file__).parents[2] / "docs"
START, END = "<!-- figures: begin -->", "<!-- figures: end -->"
CLOSE = 1  # days by which a first or last day may be off: weeks begin on Sunday for some
SIZES = 0.1  # share by which a size may be off
DRAWS = 1000  # of the bootstrap over notes
PARTS = ("whole", "kind", "dates", "scope")
Result = dict[str, Any]


class Expected(BaseModel):
    """A signal that a note holds."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    start: date
    end: date | None
    scope: list[str]
    size: float | None


class Case(BaseModel):
    """A note of the eval set, and its signals."""

    model_config = ConfigDict(extra="forbid")

    id: str
    split: Literal["development", "heldout"]
    lang: Literal["en", "zh"]
    ds: date
    text: str
    product: str | None = None
    category: str | None = None
    signals: list[Expected]

    @property
    def note(self) -> Note:
        """As a reader gets it."""
        fields = {"product": self.product, "category": self.category, "source": "eval", "id": self.id}
        return Note(ds=pd.Timestamp(self.ds), text=self.text, **fields)  # type: ignore[arg-type]


def cases() -> list[Case]:
    """The notes of `evals/agent/notes_signals.jsonl`."""
    text = files("skucast.evals.agent").joinpath("notes_signals.jsonl").read_text(encoding="utf-8")
    return [Case.model_validate_json(line) for line in text.splitlines()]


@dataclass(frozen=True)
class Known:
    """A signal so far as it is compared: its products are those of the panel, whatever words name them."""

    kind: str
    start: date
    end: date | None
    products: frozenset[str]
    size: float | None

    def like(self, other: "Known", part: str = "whole") -> bool:
        """Whether both say the same, or the same of one part."""
        dates = _near(self.start, other.start) and _near(self.end, other.end)
        same = {"kind": self.kind == other.kind, "dates": dates, "scope": self.products == other.products}
        return all(same.values()) if part == "whole" else same[part]


def _near(one: date | None, other: date | None) -> bool:
    return one == other if one is None or other is None else abs((one - other).days) <= CLOSE


def expected(case: Case, panel: Panel) -> list[Known]:
    """What a note holds."""
    return [Known(one.kind, one.start, one.end, _products(_scopes(one.scope), panel), one.size) for one in case.signals]


def found(signals: Iterable[Signal], panel: Panel) -> list[Known]:
    """What was read of it."""
    return [Known(one.kind, one.start, one.end, _products(one.scope, panel), one.size) for one in signals if one.comes]


def _scopes(words: Sequence[str]) -> list[Scope]:
    return [Scope() if one == ALL else Scope(*one.split("=", 1)) for one in words]


def _products(scopes: Iterable[Scope], panel: Panel) -> frozenset[str]:
    some = list(scopes)
    return frozenset(uid for uid in panel.unique_ids if any(covers(scope, panel, uid) for scope in some))


def matched(want: Sequence[Known], got: Sequence[Known], part: str = "whole") -> list[tuple[Known, Known]]:
    """Pairs that say the same, each signal in one at most."""
    left, pairs = list(got), []
    for one in want:
        other = next((known for known in left if one.like(known, part)), None)
        if other is not None:
            left.remove(other)
            pairs.append((one, other))
    return pairs


def score(want: Sequence[Sequence[Known]], got: Sequence[Sequence[Known]]) -> Result:
    """F1 by part, sizes right and false alarms, over notes.

    A size is right within 10 %, or where both say none; it is asked of signals that are matched whole. A false alarm is
    a note without a signal of which one was read.
    """
    pairs = [matched(one, other) for one, other in zip(want, got, strict=True)]
    wholes = [pair for some in pairs for pair in some]
    right = sum(_sized(one.size, other.size) for one, other in wholes)
    silent = [bool(other) for one, other in zip(want, got, strict=True) if not one]
    counts = np.array([[len(some), len(one), len(other)] for some, one, other in zip(pairs, want, got, strict=True)])
    draws = np.random.default_rng(0).integers(0, len(counts), (DRAWS, len(counts)))
    low, high = np.quantile([_f1(*counts[draw].sum(axis=0)) for draw in draws], (0.025, 0.975))
    return {
        "notes": len(want),
        "signals": sum(map(len, want)),
        "F1": {
            part: round(
                _f1(
                    sum(len(matched(one, other, part)) for one, other in zip(want, got, strict=True)),
                    sum(map(len, want)),
                    sum(map(len, got)),
                ),
                3,
            )
            for part in PARTS
        },
        "F1_low": round(float(low), 3),
        "F1_high": round(float(high), 3),
        "sizes_right": round(right / len(wholes), 3) if wholes else None,
        "false_alarms": round(float(np.mean(silent)), 3) if silent else None,
        "silent_notes": len(silent),
    }


def _f1(both: float, want: float, got: float) -> float:
    return float(2 * both / (want + got)) if want + got else 1.0


def _sized(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= SIZES * max(one, 1e-9) + 1e-9


def measure(reader: Reader, panel: Panel, some: Sequence[Case]) -> Result:
    """A reader's scores on the halves, by language, and its seconds a note."""
    started = time.perf_counter()
    read = [read_signals([case.note], reader, panel, pd.Timestamp(case.ds)) for case in some]
    seconds = (time.perf_counter() - started) / len(some)
    got, want = [found(one, panel) for one in read], [expected(case, panel) for case in some]
    rows: Result = {}
    for split, langs in (("development", ("",)), ("heldout", ("", "en", "zh"))):
        for lang in langs:
            places = [at for at, case in enumerate(some) if case.split == split and lang in ("", case.lang)]
            if places:
                rows[f"{split} {lang}".strip()] = score([want[at] for at in places], [got[at] for at in places])
    return {"reader": reader.name, "seconds_a_note": round(seconds, 3), "scores": rows}


def markdown(result: Result) -> str:
    """The figures as a table."""
    head = "| reader | notes | signals | F1 (95 %) | kind | dates | scope | size right | false alarms | s a note |"
    lines = [head, "|---|---|---|---|---|---|---|---|---|---|"]
    for one in result["readers"]:
        for name, row in one["scores"].items():
            f1 = row["F1"]
            sizes = "" if row["sizes_right"] is None else f"{row['sizes_right']:.0%}"
            alarms = "" if row["false_alarms"] is None else f"{row['false_alarms']:.0%} of {row['silent_notes']}"
            lines.append(
                f"| {one['reader']}, {name} | {row['notes']} | {row['signals']} | {f1['whole']:.2f} "
                f"({row['F1_low']:.2f}–{row['F1_high']:.2f}) | {f1['kind']:.2f} | {f1['dates']:.2f} "
                f"| {f1['scope']:.2f} | "
                f"{sizes} | {alarms} | {one['seconds_a_note']:.2f} |"
            )
    return "\n".join([*lines, "", f"skucast {result['version']}, {result['date']}; `make bench-signals`."])


def placed(page: str, figures: str) -> str:
    """A page with its figures anew."""
    before, _, rest = page.partition(START)
    return f"{before}{START}\n{figures}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Measure, and write figures and page."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--reader", choices=("rules", "engine"), default="rules")
    ask.add_argument("--engine", default=DEFAULT_ENGINE)
    ask.add_argument("--limit", type=int, help="of each half, for a slow engine")
    given = ask.parse_args()
    panel = complete_journey_source("W").panel()
    counted: Counter[str] = Counter()
    some = []
    for case in cases():
        counted[case.split] += 1
        if given.limit is None or counted[case.split] <= given.limit:
            some.append(case)
    reader = open_reader(given.reader, open_llm(given.engine) if given.reader == "engine" else None)
    made = measure(reader, panel, some)
    kept = json.loads(path.read_text(encoding="utf-8"))["readers"] if (path := DOCS / "signals.json").exists() else []
    readers = sorted([*(one for one in kept if one["reader"] != made["reader"]), made], key=lambda one: one["reader"])
    result = {"version": __version__, "date": f"{datetime.now(UTC):%Y-%m-%d}", "readers": readers}
    write_whole(path, json.dumps(result, indent=2) + "\n")
    page = DOCS / "SIGNALS.md"
    write_whole(page, placed(page.read_text(encoding="utf-8"), markdown(result)))
    print(markdown(result))


if __name__ == "__main__":
    main()
