"""Progress bars for long work, on standard error so that standard output stays clean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from ..forecast.forecaster import Progress as Tell

STAGES = {
    "learn": "learning over all series, once",
    "base": "statistics",
    "llm": "asking the LLM",
    "explain": "explaining",
}


def _bars(console: Console, *, transient: bool) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=transient,
    )


@contextmanager
def stage_bars(console: Console) -> Iterator["Tell"]:
    """A bar for each stage of a forecast, gone when it is done."""
    with _bars(console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES[stage], total=of)
            bars.update(tasks[stage], completed=done, total=of)

        yield tell


@contextmanager
def share_bar(console: Console) -> Iterator[Callable[[str, float], None]]:
    """A bar for work that tells what it is doing and which share of it is done; it shows only once there is some."""
    bar = Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=console, transient=True)
    tasks: list[TaskID] = []

    def tell(what: str, share: float) -> None:
        bar.start()
        tasks[:] = tasks or [bar.add_task(what, total=1.0)]
        bar.update(tasks[0], description=what, completed=share)

    try:
        yield tell
    finally:
        if tasks:
            bar.stop()


@contextmanager
def batch_bar(console: Console, total: int) -> Iterator[tuple[Callable[[str], None], "Tell"]]:
    """One bar over all series, which also names the stage at work; it stays when it is done."""
    with _bars(console, transient=False) as bars:
        task = bars.add_task("forecasting", total=total)

        def on_line(_: str) -> None:
            bars.advance(task)

        def tell(stage: str, done: int, of: int) -> None:
            bars.update(task, description=f"{STAGES[stage]} {done}/{of}")

        yield on_line, tell


@contextmanager
def study_bar(
    console: Console, total: int
) -> Iterator[tuple[Callable[[object, bool], None], Callable[[str, str, int, int], None]]]:
    """One bar over all rows of a study, which also names the task, contestant and window at work."""
    with _bars(console, transient=False) as bars:
        task = bars.add_task("evaluating", total=total)

        def on_row(_row: object, _stood: bool) -> None:
            bars.advance(task)

        def tell(name: str, contestant: str, done: int, of: int) -> None:
            bars.update(task, description=f"{name} {contestant} {done}/{of}")

        yield on_row, tell


@contextmanager
def training_bar(
    console: Console, name: str
) -> Iterator[tuple[Callable[[int, int], None], Callable[[int, int, float, float | None], None]]]:
    """Bars for making examples and for training steps; each validation loss stays as a line."""
    with _bars(console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def making(done: int, of: int) -> None:
            tasks["make"] = tasks["make"] if "make" in tasks else bars.add_task("making examples", total=of)
            bars.update(tasks["make"], completed=done)

        def on_step(step: int, of: int, loss: float, validation: float | None) -> None:
            tasks["train"] = tasks["train"] if "train" in tasks else bars.add_task(name, total=of)
            bars.update(tasks["train"], completed=step, description=f"{name} loss {loss:.4f}")
            if validation is not None:
                bars.console.print(f"step {step}: loss {loss:.4f}, validation {validation:.4f}", style="dim")

        yield making, on_step


@contextmanager
def count_bar(console: Console, what: str, of: int) -> Iterator[Callable[[int], None]]:
    """One bar that counts to a number known before."""
    with _bars(console, transient=True) as bars:
        task = bars.add_task(what, total=of)
        yield lambda done: bars.update(task, completed=done)
