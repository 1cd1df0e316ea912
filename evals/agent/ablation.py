"""What each reader of a request is worth: switched off in turn, on the development requests. Writes docs/READING.md.

    python -m skucast.evals.agent.ablation                  without an LLM, two minutes
    python -m skucast.evals.agent.ablation --libraries      libraries in the place of readers, those that are installed
    python -m skucast.evals.agent.ablation --router 8       and the router, on at most so many requests a reader

A reader is worth something where, without it, the grammar lets the expected call through less often, leaves the model
more to choose from, or the router chooses wrongly.
"""

import argparse
import ast
import inspect
import json
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from ...agent.engines.base import Constraint, Engine, Message
from ...agent.engines.opening import open_llm
from ...agent.models.registry import find, merged_folder
from ...prompts.reading import counts, fields, lengths, months, names, numbers, prices, request, scope, typos
from ...prompts.routing import SAME, Spoken, call_schema, read_call, routing_chat
from ...tools.data.demo import complete_journey_source
from ...tools.data.lexicon import Lexicon
from ...tools.data.panel import Panel
from ...tools.files import write_whole
from ...tools.toolset.registry import tools
from .requests import Case, Last, load_cases, same_arguments

MODULES = (counts, lengths, months, names, numbers, prices, scope, typos)
NOTHING = re.compile(r"(?!)")
FIGURES, PAGE = Path("docs/reading.json"), Path("docs/READING.md")
ALL_ON = "all on"
GROUPS: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "spelling": ((typos, "_nearest", lambda _: None), (typos, "SHORT", {})),
    "names whole in the catalogue": ((names.Naming, "named", lambda naming, _: naming.names),),
    "words of asking": ((names, "ASKING", frozenset()),),
    "words in no name": ((names, "NEVER", frozenset()),),
    "words beside a name": ((names, "LINKS", frozenset()),),
    "SKUs": ((names.Naming, "skus", lambda *_: []),),
    "lists, where it asks which products": ((scope, "listed", lambda _: set()),),
    "everything together": ((scope, "everything", lambda _: False),),
    "a group of products": ((scope, "grouped", lambda _: True),),
    "all of a group": ((scope, "whole", lambda _: False),),
    "more to do": ((scope, "more_to_do", lambda _: True),),
    "speaks of time": ((scope, "timed", lambda _: True),),
    "money": ((prices, "priced", lambda _: False),),
    "direction of a change": ((prices, "_ways", lambda *_: (-1, 1)),),
    "numbers in words": ((request, "in_digits", str),),
    "no lengths of shares and stock": (
        (counts, "without_stock", str),
        (prices, "without_shares", str),
    ),
}


@dataclass(frozen=True)
class Switch:
    """A reader, and what stands in its place where it is off.

    Attributes:
        name: as in the table.
        lines: of rules that are off with it.
        parts: what is replaced: an object, its attribute (of a dict: its key), and what replaces it.
    """

    name: str
    lines: int
    parts: tuple[tuple[Any, Any, Any], ...]

    @contextmanager
    def off(self) -> Iterator[None]:
        """Reading without it."""
        before = [one[name] if isinstance(one, dict) else getattr(one, name) for one, name, _ in self.parts]
        self._put([instead for *_, instead in self.parts])
        try:
            yield
        finally:
            self._put(before)

    def _put(self, values: Sequence[Any]) -> None:
        for (one, name, _), value in zip(self.parts, values, strict=True):
            if isinstance(one, dict):
                one[name] = value
            else:
                setattr(one, name, value)


def switches() -> list[Switch]:
    """Every kind's reader, the larger groups, and every single pattern."""
    found = [Switch(f"kind: {kind}", 0, ((fields.READERS, kind, lambda *_: []),)) for kind in fields.READERS]
    for name, parts in GROUPS.items():
        found.append(Switch(name, sum(_lines(inspect.getmodule(one) or one).get(of, 1) for one, of, _ in parts), parts))
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and name in _lines(module):
                label = f"{module.__name__.rpartition('.')[2]}.{name}"
                found.append(Switch(label, _lines(module)[name], ((module, name, NOTHING),)))
    return found


@cache
def _lines(module: ModuleType) -> dict[str, int]:
    """Lines of each function, method and constant of a module."""
    found = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = (node.end_lineno or node.lineno) - node.lineno + 1
        elif isinstance(node, ast.Assign):
            named = [one.id for one in ast.walk(node.targets[0]) if isinstance(one, ast.Name)]
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            found |= dict.fromkeys(named, max(1, length // max(1, len(named))))
    return found


@dataclass(frozen=True)
class Asked:
    """A request as the router is asked it.

    Attributes:
        turns: its chat.
        schema: of the calls that the grammar lets through.
    """

    turns: tuple[Message, ...]
    schema: str


@dataclass
class Bench:
    """The development requests at the demo's catalogue.

    Attributes:
        cases: the requests.
        panel: the demo's.
        tokens: counts the tokens of a text, as the router's tokenizer does.
    """

    cases: Sequence[Case]
    panel: Panel
    tokens: Callable[[str], int]
    _right: dict[tuple[str, Asked], bool] = field(default_factory=dict)
    _alike: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lexicon = Lexicon.of(self.panel)

    def asked(self) -> list[Asked]:
        """Every request, read as it is read now."""
        return [self._asked(case) for case in self.cases]

    def _asked(self, case: Case) -> Asked:
        last = case.last or Last()
        spoken = Spoken(last.tool, last.product is not None, last.category is not None, last.horizon or "")
        meant = typos.spelt(case.request, self._known)
        schema = call_schema(case.request, tools(), meant=meant, spoken=spoken, catalogue=self.lexicon)
        return Asked(tuple(Message(role, content) for role, content in routing_chat(meant, spoken)), schema)

    def _known(self, word: str) -> bool:
        return self.lexicon.bears(word) or self.tokens(f" {word}") == 1

    def scores(self, asked: Sequence[Asked]) -> dict[str, float]:
        """What the grammar leaves of the expected calls."""
        found = [self._score(case, json.loads(one.schema)) for case, one in zip(self.cases, asked, strict=True)]
        arguments = sum(len(case.arguments) for case in self.cases)
        return {
            "admitted": sum(one[0] for one in found),
            "bound": round(sum(one[1] for one in found) / arguments, 4),
            "bits": round(sum(one[2] for one in found) / len(found), 3),
        }

    def _score(self, case: Case, schema: dict[str, Any]) -> tuple[bool, int, float]:
        """Whether the expected call is let through; how many of its arguments are fixed; bits of choice left in it."""
        of = {one["properties"]["tool"]["const"]: one for one in schema["anyOf"]}
        if case.tool not in of:
            return False, 0, 0.0
        branch, bits, bound = of[case.tool], math.log2(len(of)), 0
        parts = branch["properties"].items()
        left = {name: _options(spec, schema["$defs"]) for name, spec in parts if name != "tool"}
        for name, options in left.items():
            needed = name in branch["required"]
            bits += math.log2(len(options) + (not needed)) if options else 0.0
            bound += needed and len(options) == 1 and name in case.arguments
        admitted = set(branch["required"]) <= {"tool", *case.arguments} and all(
            name in left and self._admits(case, name, left[name]) for name in case.arguments
        )
        return admitted, bound, bits

    def _admits(self, case: Case, name: str, values: Sequence[Any]) -> bool:
        wanted = case.arguments[name]
        if not values:  # free words
            return True
        if name == "category" and case.last and wanted == case.last.category and SAME in values:
            return True
        if isinstance(wanted, list) and wanted not in values:
            return all(any(self._same(name, [one], [value]) for value in values) for one in wanted)
        return any(self._same(name, wanted, value) for value in values)

    def _same(self, name: str, wanted: Any, got: Any) -> bool:
        key = (name, json.dumps(wanted), json.dumps(got))
        if key not in self._alike:
            self._alike[key] = same_arguments({name: wanted}, {name: got}, self.panel)
        return self._alike[key]

    def right(self, engine: Engine, case: Case, asked: Asked) -> bool:
        """Whether the router makes the expected call; remembered."""
        key = (case.id, asked)
        if key not in self._right:
            constraint = Constraint("json_schema", asked.schema)
            made = engine.generate([asked.turns], max_tokens=96, constraint=constraint)[0]
            try:
                call = read_call(made.texts[0])
            except ValueError:
                self._right[key] = False
                return False
            if call.arguments.get("category") == SAME and case.last:
                call.arguments["category"] = case.last.category
            self._right[key] = call.tool == case.tool and same_arguments(case.arguments, call.arguments, self.panel)
        return self._right[key]


def _options(found: Mapping[str, Any], defs: Mapping[str, Any]) -> list[Any]:
    """The values that a field's schema lets through; of a list, of each of its members; none where they are free."""
    if "$ref" in found:
        return list(defs[found["$ref"].rpartition("/")[2]]["enum"])
    if "anyOf" in found:
        return [value for one in found["anyOf"] for value in _options(one, defs)]
    if found.get("type") == "array" and "items" in found:
        return _options(found["items"], defs)
    if found.get("type") == "boolean":
        return [True, False]
    return list(found.get("enum", []))


def libraries() -> list[Switch]:
    """Kept libraries in the place of our own readers, so far as they are installed."""
    found: list[Switch] = []

    def add(name: str, module: str, parts: Callable[[Any], tuple[tuple[Any, Any, Any], ...]]) -> None:
        if find_spec(module):
            found.append(Switch(name, 0, parts(import_module(module))))

    add(
        "cn2an: Chinese numerals",
        "cn2an",
        lambda lib: ((request, "in_digits", lambda text: lib.transform(numbers.ENGLISH.sub(numbers._english, text))),),
    )
    add(
        "text2num: English numerals",
        "text_to_num",
        lambda lib: (
            (request, "in_digits", lambda text: numbers.CHINESE.sub(numbers._chinese, lib.alpha2digit(text, "en"))),
        ),
    )
    add(
        "quantulum3: numbers",
        "quantulum3.parser",
        lambda lib: (
            (request, "in_digits", str),
            (request, "numbers", lambda text: sorted({float(one.value) for one in lib.parse(text)})),
        ),
    )
    add(
        "dateparser: months",
        "dateparser.search",
        lambda lib: ((months, "months", lambda text: _dated(lib.search_dates(text, languages=["en", "zh"]))),),
    )
    return found


def _dated(found: Sequence[tuple[str, Any]] | None) -> list[str]:
    return [f"{date:%Y-%m}" if re.search(r"\d{4}", words) else f"{date:%m}" for words, date in found or []]


def ablate(
    bench: Bench, some: Sequence[Switch], engine: Engine | None = None, most: int = 0
) -> dict[str, dict[str, Any]]:
    """Each reader's table row; of all together first.

    Args:
        bench: the requests.
        some: what is switched off, in turn.
        engine: with the router's weights; None leaves it out.
        most: requests that a reader changes on which the router is asked, with it and without.
    """
    every = bench.asked()
    rows: dict[str, dict[str, Any]] = {ALL_ON: {"requests": len(every), **bench.scores(every)}}
    for switch in some:
        began = time.monotonic()
        with switch.off():
            without = bench.asked()
        seconds = round(time.monotonic() - began, 1)
        changed = [at for at, (one, other) in enumerate(zip(every, without, strict=True)) if one != other]
        row: dict[str, Any] = {"lines": switch.lines, "changed": len(changed), **bench.scores(without)}
        row["seconds"] = seconds
        if engine and changed:
            tried = changed[:: max(1, -(-len(changed) // most))]
            right = partial(bench.right, engine)
            row["asked"] = len(tried)
            row["right_with"] = sum(right(bench.cases[at], every[at]) for at in tried)
            row["right_without"] = sum(right(bench.cases[at], without[at]) for at in tried)
        rows[switch.name] = row
        print(switch.name, row, flush=True)
    return rows


def page(rows: Mapping[str, Mapping[str, Any]], instead: Mapping[str, Mapping[str, Any]], text: str) -> str:
    """docs/READING.md: what stands there between its marks is replaced by the tables."""
    shown = ("requests it changes", "calls let through", "arguments fixed", "bits left")
    asked = any(row.get("asked") for row in rows.values())
    columns = ["reader off", "lines", *shown, *["router, with / without"] * asked]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for name, row in rows.items():
        cells = [name, row.get("lines") or "", row.get("changed", ""), _scores(row)]
        if asked:
            cells.append(f"{row['right_with']} / {row['right_without']} of {row['asked']}" if row.get("asked") else "")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    others = [f"| in the place of our own | {' | '.join(shown)} | seconds |", "|---" * 6 + "|"]
    for name, row in instead.items():
        others.append(f"| {name} | {row.get('changed', '')} | {_scores(row)} | {row.get('seconds', '')} |")
    for mark, table in (("readers", lines), ("libraries", others)):
        before, _, rest = text.partition(f"<!-- {mark} -->\n")
        text = "\n".join([f"{before}<!-- {mark} -->", *table, f"<!-- end -->{rest.partition('<!-- end -->')[2]}"])
    return text


def _scores(row: Mapping[str, Any]) -> str:
    return f"{row['admitted']} | {row['bound']:.1%} | {row['bits']:.2f}"


def main() -> None:
    """Measure, and write the JSON and the page."""
    parser = argparse.ArgumentParser(description="Switch each reader of a request off, on the development requests.")
    parser.add_argument("--router", type=int, default=0, help="requests a reader on which the router is asked")
    parser.add_argument("--only", default="", help="readers whose names hold this; the others' rows are kept")
    parser.add_argument("--libraries", action="store_true", help="libraries in the place of our own readers, instead")
    options = parser.parse_args()
    engine = open_llm(f"hf:{merged_folder(find('router'))}")
    assert engine is not None
    cases = load_cases(Path(str(resources.files(__package__) / "development.jsonl")))
    bench = Bench(cases, complete_journey_source("W").panel(), engine.count_tokens)
    some = [one for one in (libraries() if options.libraries else switches()) if options.only in one.name]
    rows = ablate(bench, some, engine if options.router else None, options.router)
    kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {"readers": {}, "libraries": {}}
    part = "libraries" if options.libraries else "readers"
    before = kept[part] if options.only else {}
    kept[part] = before | {name: before.get(name, {}) | row for name, row in rows.items()}
    write_whole(FIGURES, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    write_whole(PAGE, page(kept["readers"], kept["libraries"], PAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
