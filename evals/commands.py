"""The commands of scores: contestants on a task, the chat's tools, and runs side by side."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..agent.engines import DEFAULT_ENGINE
from ..agent.options import EngineSpec, Samples
from ..tools.console import err, out
from ..tools.data.address import shown
from ..tools.errors import InputError
from ..tools.options import Overwrite, Seed

if TYPE_CHECKING:
    from ..agent.engines.base import Engine
    from ..tools.data.tasks import TaskPast

CONTESTANTS = "SeasonalNaive,Statistical,AdjustedTheta,GBM,Combined"
AGENT_CONTESTANTS = "rules,base,router"

app = typer.Typer()


def past_of(task: str) -> "TaskPast":
    """What may be learned of a task, for the command that trains.

    Raises:
        InputError: there is no such task, or its data is missing.
    """
    from .tasks.past import task_past

    return task_past(task)


@app.command("eval")
def eval_(
    task: Annotated[list[str], typer.Argument(help="tasks by name, by .toml file, or a panel file of yours")],
    with_: Annotated[
        str, typer.Option("--with", help="contestants, comma-separated: SeasonalNaive,GBM,Combined,LLM1,…")
    ] = CONTESTANTS,
    limit: Annotated[int | None, typer.Option(min=1, help="score a reproducible sample of so many series")] = None,
    out_file: Annotated[Path, typer.Option("--out", help="runs file, .jsonl; a run that stopped goes on")] = Path(
        "runs/eval.jsonl"
    ),
    horizon: Annotated[str | None, typer.Option("--horizon", "-h", help="for a panel file of yours")] = None,
    windows: Annotated[int | None, typer.Option(min=1, help="for a panel file of yours; default 3")] = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    samples: Samples = 5,
    seed: Seed = 0,
    workers: Annotated[int | None, typer.Option(min=1, help="processes of the statistical models")] = None,
    requests: Annotated[Path | None, typer.Option(help="with agent: other requests than ours, .jsonl")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Score forecasters on the windows of a task, against the same truth; or `agent`: who chooses the chat's tools.

    With `agent`, contestants are rules, base (the LLM not fine-tuned), routers by name, and scripted (the expected call
    each time), on the demo data; times measures how long a forecast takes in the chat.
    """
    if task == ["agent"]:
        from .agent.study import AGENT_RESULTS, run_agent_study

        run_agent_study(
            AGENT_CONTESTANTS if with_ == CONTESTANTS else with_,
            out_file if out_file.suffix == ".json" else AGENT_RESULTS,
            engine=engine,
            requests=requests,
            limit=limit,
            command=_typed(),
            overwrite=overwrite,
        )
        return
    from ..agent.engines.opening import open_llm
    from ..agent.faces.progress import study_bar
    from ..agent.models.registry import find, merged_folder
    from ..tools.files import reading
    from .leaderboard.render import load, tables
    from .scoring.contestants import Lineup, check_name
    from .scoring.study import run_study
    from .tasks.task import load_spec, sized

    names = [name.strip() for name in with_.split(",") if name.strip()]
    for name in names:
        check_name(name)
        if "@" in name:
            find(name.split("@", 1)[1])
    if out_file.suffix != ".jsonl":
        raise InputError(f"--out {out_file}: expected a .jsonl file")
    specs = [sized(load_spec(one), horizon, windows) for one in task]

    def opened() -> "Engine":
        with err.status("loading the models"):
            found = open_llm(engine)
        if found is None:
            raise InputError("--engine none: the LLM contestants need an engine")
        return found

    lineup = Lineup(opened, find, merged_folder, samples=samples, seed=seed, workers=workers)
    with study_bar(err, len(specs) * len(names)) as (on_row, progress):
        rows = run_study(
            specs,
            names,
            lineup,
            out_file,
            limit=limit,
            command=_typed(),
            overwrite=overwrite,
            reads=reading(*map(Path, task)),
            progress=progress,
            on_row=on_row,
        )
    for table in tables(load([out_file]).only(rows)):
        out.print(table)
    err.print(f"runs: {out_file}; see them with: skucast leaderboard {out_file}", style="dim")


@app.command()
def leaderboard(
    runs: Annotated[list[Path], typer.Argument(help="runs files of skucast eval")],
    out_file: Annotated[Path | None, typer.Option("--out", help="a page to .html or .md")] = None,
    published: Annotated[bool, typer.Option(help="with the published scores, where SKUCAST_DATA holds them")] = True,
    overwrite: Overwrite = False,
) -> None:
    """Show runs side by side: tables here, or one page with plots."""
    from ..tools.files import reading
    from .leaderboard.render import load, tables, write
    from .scoring.published import published_for

    board = load(runs)
    if published:
        board = board.having(published_for(board.rows, lambda why: err.print(f"note: {why}", style="dim")))
    for table in tables(board):
        out.print(table)
    if out_file is not None:
        write(board, out_file, overwrite=overwrite, reads=reading(*runs))
        err.print(f"leaderboard: {out_file}", style="dim")


def _typed() -> str:
    """The command as it was given, without a password."""
    return " ".join(["skucast", *map(shown, sys.argv[1:])])
