"""A study of the chat on the demo data: who chooses its tools, what it answers to why, how long an answer takes."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from ...agent.chat.desk import Desk
from ...agent.engines import DEFAULT_ENGINE
from ...agent.engines.base import Engine
from ...agent.engines.opening import open_llm, writing
from ...agent.faces.progress import count_bar, share_bar
from ...agent.workbench import Workbench
from ...tools.console import err, out
from ...tools.data.panel import Panel
from ...tools.files import check_ours, reading, write_whole
from .requests import (
    Case,
    answer_times,
    explanations,
    is_results,
    load_cases,
    outcome,
    run_cases,
    scripted,
    table,
    write_results,
)

AGENT_RESULTS = Path("runs/agent_eval.json")
REPORTS = 48  # forecasts of which the LLM says why
STEP = 10  # a report of each so many series
HORIZON = 4  # weeks


def run_agent_study(
    names: str,
    path: Path,
    *,
    engine: str = DEFAULT_ENGINE,
    requests: Path | None = None,
    limit: int | None = None,
    command: str = "",
    overwrite: bool = False,
) -> None:
    """Ask the held-out requests of each contestant on the demo data, and write what they came to.

    Args:
        names: contestants, comma-separated: `rules`, `base` (the LLM not fine-tuned), routers by name, `scripted` (the
            expected call each time), `times` and `explanations`.
        path: file of the results, kept beside those of other contestants.
        engine: spec of the LLM.
        requests: other requests than ours.
        limit: only so many of them.
        command: that asked for it, kept with the results.
        overwrite: the file may be replaced, whatever it holds.

    Raises:
        InputError: no such requests or model, or the file cannot be written.
    """
    bench = Workbench(demo=True, engine=engine)
    with share_bar(err) as progress:
        source = bench.source(progress)
    cases = load_cases(requests)[:limit]
    if check_ours(path, is_results, overwrite=overwrite, reads=reading(requests)):
        write_whole(path, "{}\n")
    made = {}
    writer = cache(lambda: open_llm(writing(engine, bench.model)))
    for name in [one.strip() for one in names.split(",") if one.strip()]:
        if name == "times":
            desk = bench.desk(source)
            times = answer_times(desk, bench.caller(desk))
            write_results(path, name, command, times)
            out.print_json(data=times)
            continue
        if name == "explanations":
            shares = _explanations(bench, source.panel(), limit)
            write_results(path, name, command, shares)
            out.print_json(data=shares)
            continue
        desk = replace(bench, engine="none", quick=True).desk(source)  # the calls are judged, not the forecasts
        with count_bar(err, name, len(cases)) as tell:
            made[name] = run_cases(cases, desk, _chooser(bench, name, desk, writer), tell)
        write_results(path, name, command, outcome(made[name]))
    if made:
        out.print(table(made))
    err.print(f"results: {path}", style="dim")


def _chooser(
    bench: Workbench, name: str, desk: Desk, writer: Callable[[], Engine | None]
) -> Callable[[Case], BaseChatModel]:
    """Gives the model of a contestant for each case; the expected call is another each time."""
    if name == "scripted":
        return scripted
    model = replace(bench, router="engine" if name == "base" else name).caller(desk, writer)
    return lambda _: model


def _explanations(bench: Workbench, panel: Panel, limit: int | None) -> dict[str, Any]:
    """What the LLM answers to why, fine-tuned and not, of the same forecasts."""
    maker = bench.forecaster(panel, explain="template")
    reports = maker.forecast(panel, panel.unique_ids[::STEP][: limit or REPORTS], HORIZON)
    writers = {"fine-tuned": maker.engine, "not fine-tuned": open_llm(bench.engine)}
    return {who: explanations(one, reports) for who, one in writers.items() if one}
