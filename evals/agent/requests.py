"""Agent evals: requests by somebody who never saw the training patterns, against what should have been called."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import fuzz
from rich.table import Table

from ...agent.chat.desk import Desk
from ...agent.chat.loop import Agent, Reply
from ...agent.chat.router import Caller
from ...agent.engines.base import Engine
from ...agent.forecast.explain import UNNAMED, judge, selected, sentences, write
from ...agent.forecast.grounding import ground
from ...agent.forecast.report import ForecastReport
from ...prompts.retelling import answering, facts_used, focus_of
from ...prompts.routing import ANSWER, SAME, Call, Found
from ...tools.data.horizon import parse_horizon
from ...tools.data.lexicon import Lexicon, plain
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.files import write_whole
from ...tools.inputs import brief, read_json, read_text
from ...tools.insight.catalogue import in_category
from ...tools.messages import Refusal
from ...tools.toolset.registry import argument_models

MEASURES = ("right_tool", "right_arguments", "success", "grounded")
ALIKE = 80.0  # likeness of free words, of 100, from which they say the same
FREE = {"topic": 0.0, "query": ALIKE}  # arguments in free words, and how alike they must be


class Last(BaseModel):
    """What a session spoke of before the request."""

    model_config = ConfigDict(extra="forbid")

    product: str | None = None
    category: str | None = None
    horizon: str | None = None
    tool: str = ""


class Case(BaseModel):
    """A request and the call that most planners would agree on."""

    model_config = ConfigDict(extra="forbid")

    id: str
    request: str
    last: Last | None = None
    tool: str
    arguments: dict[str, Any] = {}
    kind: str = "plain"


class Result(BaseModel):
    """How one request went."""

    id: str
    kind: str
    tool: str
    called: str
    arguments: dict[str, Any]
    right_tool: bool
    right_arguments: bool
    success: bool
    asked: bool
    grounded: bool
    steps: int
    first_call: float
    seconds: float


def load_cases(path: Path | None = None) -> list[Case]:
    """The held-out requests, and those of the tools that came later, one file of `cases/` a tool.

    Raises:
        InputError: the file cannot be read, or a line is no case.
    """
    if path is not None:
        return _cases(path)
    folder = Path(str(resources.files(__package__)))
    return [
        case for file in (folder / "requests.jsonl", *sorted(folder.glob("cases/*.jsonl"))) for case in _cases(file)
    ]


def _cases(where: Path) -> list[Case]:
    lines = read_text(where, f"requests {brief(where)}").splitlines()
    cases = []
    for number, line in enumerate(lines, 1):
        try:
            cases.append(Case.model_validate_json(line))
        except ValidationError as error:
            raise InputError(f"requests {where}, line {number}: {error.errors()[0]['msg']}") from None
        if cases[-1].tool not in argument_models():
            raise InputError(f"requests {where}, line {number}: unknown tool {cases[-1].tool!r}")
    return cases


class Scripted(Caller):
    """Makes the call that was expected: what the tools themselves can answer, whoever chooses them."""

    expected: Call

    def _next(self, request: str, done: Sequence[tuple[Call, Found]]) -> tuple[Call, Any]:
        return (Call(ANSWER, {}) if done else self.expected), None


def scripted(case: Case) -> BaseChatModel:
    """The upper bound of the evals."""
    return Scripted(expected=Call(case.tool, case.arguments))


def run_cases(
    cases: Sequence[Case],
    desk: Desk,
    chooser: Callable[[Case], BaseChatModel],
    progress: Callable[[int], None] | None = None,
) -> list[Result]:
    """Ask every request of a session of its own that had spoken of what the case says.

    Args:
        cases: the requests.
        desk: that they are asked at.
        chooser: gives the model that chooses the tools for a case.
        progress: called with how many are done.
    """
    results = []
    for number, case in enumerate(cases, 1):
        last = case.last or Last()
        fresh = replace(
            desk, reports=[], product=last.product, category=last.category, tool=last.tool, span="", horizon=None
        )
        if last.horizon:
            fresh.periods(last.horizon)
        agent = Agent(fresh, chooser(case))
        began = time.monotonic()
        reply = agent.ask(case.request)
        results.append(_judged(case, reply, fresh.panel, round(time.monotonic() - began, 3)))
        if progress:
            progress(number)
    return results


def _judged(case: Case, reply: Reply, panel: Panel, seconds: float) -> Result:
    calls = [step for step in reply.steps if step.kind == "call"]
    first = calls[0] if calls else None
    right_tool = first is not None and first.tool == case.tool
    if first is not None and first.arguments.get("category") == SAME and case.last:
        first.arguments["category"] = case.last.category
    right = right_tool and first is not None and same_arguments(case.arguments, first.arguments, panel)
    # A wrong SKU is to be refused and a name of several products asked back, with the choices; all else is answered.
    asked = reply.failed and case.kind != "wrong_sku" and isinstance(reply.refusal, Refusal) and reply.refusal.asks
    ended = asked or reply.failed == (case.kind == "wrong_sku")
    grounded = reply.failed or not ground(reply.text, reply.evidence)[1]
    return Result(
        id=case.id,
        kind=case.kind,
        tool=case.tool,
        called=first.tool if first else "",
        arguments=first.arguments if first else {},
        right_tool=right_tool,
        right_arguments=right,
        success=right and ended and grounded,
        asked=asked,
        grounded=grounded,
        steps=len(calls),
        first_call=first.seconds if first else 0.0,
        seconds=seconds,
    )


def same_arguments(wanted: dict[str, Any], got: dict[str, Any], panel: Panel) -> bool:
    """Whether two calls ask the same: the same arguments, and each of the same meaning."""
    given = {name: value for name, value in got.items() if value is not None}
    return set(wanted) == set(given) and all(_same(name, wanted[name], given[name], panel) for name in wanted)


def _same(name: str, wanted: Any, got: Any, panel: Panel) -> bool:
    if name == "products":
        return len(wanted) == len(got) and sorted(_meant(one, panel) for one in wanted) == sorted(
            _meant(one, panel) for one in got
        )
    if name in FREE:
        return float(fuzz.token_set_ratio(plain(str(wanted)), plain(str(got)))) >= FREE[name]
    if name == "horizon":
        try:
            return parse_horizon(wanted, panel) == parse_horizon(got, panel)
        except InputError:
            return bool(wanted == got)
    if name == "category" and plain(wanted) != plain(got):
        try:
            return in_category(panel, wanted) == in_category(panel, got)
        except InputError:
            return False
    if name in ("product", "words"):
        return _meant(wanted, panel) == _meant(got, panel)
    if name == "category":
        return plain(str(wanted)) == plain(str(got))
    return bool(wanted == got)


def _meant(words: Any, panel: Panel) -> list[str]:
    """The products that bear the words, or the words themselves where none bears them all."""
    lexicon = Lexicon.of(panel)
    return sorted(lexicon.matches(str(words))) if lexicon.bears(str(words)) else [plain(str(words))]


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """Shares and times over all requests, and the right tools by kind."""

    def share(name: str, some: Sequence[Result]) -> float:
        return round(float(np.mean([getattr(one, name) for one in some])), 4)

    kinds: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        kinds[one.kind].append(one)
    return {
        "requests": len(results),
        **{name: share(name, results) for name in MEASURES},
        "success_by_asking_back": round(float(np.mean([one.success and one.asked for one in results])), 4),
        "steps": round(float(np.mean([one.steps for one in results])), 2),
        "first_call_seconds": round(float(np.median([one.first_call for one in results])), 2),
        "seconds": round(float(np.median([one.seconds for one in results])), 2),
        "by_kind": {
            kind: {"requests": len(some), **{name: share(name, some) for name in MEASURES}}
            for kind, some in sorted(kinds.items())
        },
    }


def answer_times(desk: Desk, model: BaseChatModel, count: int = 10) -> dict[str, Any]:
    """Seconds to the first call and to the whole reply of "forecast next month for SKU X", a product after another.

    The first reply of a session is reported by itself: it also learns the weight of the model on other series.
    """
    ids = desk.panel.unique_ids[:: max(1, len(desk.panel.unique_ids) // count)][:count]
    firsts, wholes = [], []
    for uid in ids:
        began = time.monotonic()
        reply = Agent(replace(desk, reports=[]), model).ask(f"forecast next month for SKU {uid}")
        wholes.append(time.monotonic() - began)
        firsts.append(reply.steps[0].seconds)
        if reply.failed:
            raise RuntimeError(f"no forecast of {uid}: {reply.text}")
    return {
        "requests": len(ids),
        "first_call_seconds": round(float(np.median(firsts)), 2),
        "longest_first_call": round(max(firsts), 2),
        "seconds": round(float(np.median(wholes)), 2),
        "seconds_of_the_first": round(wholes[0], 2),
        "longest": round(max(wholes), 2),
    }


class Why(BaseModel):
    """A question about a forecast, and what it is after, as in `prompts.retelling.FOCUS`; "" is nothing special."""

    model_config = ConfigDict(extra="forbid")

    asked: str
    focus: str


def explanations(engine: Engine, reports: Sequence[ForecastReport]) -> dict[str, Any]:
    """What an LLM answers to questions about forecasts, a question a report, by somebody who saw no training pattern.

    `right_facts` is the share of answers that tell just the forecast and what the question is after. Every number and
    direction is checked: `as_written` passed whole, `repaired` without the sentences that failed, for the rest the
    template stands.
    """
    lines = resources.files(__package__).joinpath("why.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [Why.model_validate_json(lines[number % len(lines)]) for number in range(len(reports))]
    began = time.monotonic()
    ended = {"as_written": 0, "repaired": 0, "templated": 0}
    right: dict[str, list[bool]] = defaultdict(list)
    reasons = []
    evidence = [report.evidence for report in reports]
    answers = write(engine, [UNNAMED] * len(reports), evidence, [why.asked for why in questions])
    seconds = time.monotonic() - began
    for why, report, answer in zip(questions, reports, answers, strict=True):
        text = answer.texts[0]
        shown = judge(text, report.evidence)
        facts = selected(answering(report.evidence, focus_of(why.asked)))  # that it was handed
        if shown.author == "template":
            ended["templated"] += 1
            reasons.append(shown.rejected)
        else:
            ended["as_written" if shown.text == " ".join(sentences(text)) else "repaired"] += 1
        wanted = [item.id for item in selected(answering(report.evidence, why.focus))]
        right[why.focus or "nothing in particular"].append([facts[n].id for n in facts_used(text, facts)] == wanted)
    every = [one for some in right.values() for one in some]
    return {
        "explanations": len(reports),
        "right_facts": round(float(np.mean(every)), 3),
        "right_facts_by_focus": {focus: round(float(np.mean(some)), 3) for focus, some in sorted(right.items())},
        **ended,
        "seconds_each": round(seconds / len(reports), 2),
        "why_templated": reasons,
    }


def table(made: Mapping[str, Sequence[Result]]) -> Table:
    """The contestants' shares side by side, for the terminal."""
    rows = Table("who chooses", "right tool", "all arguments right", "success", "grounded", "first call, s", box=None)
    for name, results in made.items():
        figures = summary(results)
        rows.add_row(name, *[f"{figures[measure]:.1%}" for measure in MEASURES], f"{figures['first_call_seconds']:.2f}")
    return rows


def outcome(results: Sequence[Result]) -> dict[str, Any]:
    """A contestant's summary, and its misses for the next person."""
    misses = [
        one.model_dump(include={"id", "tool", "called", "arguments"}) for one in results if not one.right_arguments
    ]
    return {**summary(results), "misses": misses}


def is_results(path: Path) -> bool:
    """Whether a file is one that `write_results` wrote: each entry says the command that made it."""
    held = read_json(path)
    return isinstance(held, dict) and all(isinstance(one, dict) and "command" in one for one in held.values())


def write_results(path: Path, name: str, command: str, results: Mapping[str, Any]) -> None:
    """Put what came of a contestant into the file, beside the others.

    Raises:
        InputError: the file cannot be written.
    """
    others = read_json(path) if path.exists() else {}
    others[name] = {"command": command, **results}
    write_whole(path, json.dumps(others, indent=1, ensure_ascii=False) + "\n")
