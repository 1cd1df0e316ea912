"""A study: tasks times contestants, row by row to a runs file, going on where an earlier run stopped."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ...agent.engines.base import EngineError
from ...tools.errors import InputError
from ...tools.files import Reads, check_ours, locked, nothing, write_whole
from ..tasks.task import EvalTask, TaskSpec
from .contestants import Lineup
from .evaluate import evaluate
from .runs import Row, append, is_runs, is_scores, read_rows, scores_path

Tell = Callable[[str, str, int, int], None]


def run_study(
    tasks: Sequence[tuple[str, TaskSpec]],
    contestants: Sequence[str],
    lineup: Lineup,
    out: Path,
    *,
    limit: int | None = None,
    command: str = "",
    overwrite: bool = False,
    reads: Reads = nothing,
    progress: Tell | None = None,
    on_row: Callable[[Row, bool], None] | None = None,
) -> list[Row]:
    """Run every contestant on every task that the runs file does not hold yet.

    A row is whole or absent, and on disk before the next contestant starts.

    Args:
        tasks: names and what they declare.
        contestants: names.
        lineup: makes the contestants.
        out: the runs file, `.jsonl`; the per-series scores go beside it.
        limit: score only so many series of each task.
        command: written into the rows.
        overwrite: a file that skucast did not write may be replaced.
        reads: tells of files that are input.
        progress: called with task, contestant, windows done, and of how many.
        on_row: called with each row, and whether it stood before.

    Returns:
        The rows asked for, old and new.

    Raises:
        InputError: there is no contestant; a file cannot be read or written, or another run is writing it; a row in it
            was made from other data, another sample or by another model; or the engine could not answer.
    """
    if not contestants:
        raise InputError("no contestant is named")
    rows: list[Row] = []
    with _alone(out):
        if check_ours(scores_path(out), is_scores, overwrite=overwrite, reads=reads):
            scores_path(out).unlink()
        if check_ours(out, is_runs, overwrite=overwrite, reads=reads):
            write_whole(out, "")
        stood = {(row.task, row.contestant): row for row in (read_rows(out) if out.exists() else [])}
        for name, spec in tasks:
            task = EvalTask(name, spec, limit=limit, seed=lineup.seed)
            for contestant in contestants:
                known = stood.get((name, contestant))
                if known is None:
                    try:
                        row, scores = evaluate(
                            task,
                            lineup.contestant(contestant, task),
                            seed=lineup.seed,
                            command=command,
                            progress=_of(progress, name, contestant),
                        )
                    except EngineError as error:
                        raise InputError(f"task {name}, {contestant}: {error}") from None
                    append(out, row, scores)
                    stood[name, contestant] = row
                else:
                    row = known
                    differs = _differs(row, task, lineup)
                    if differs:
                        raise InputError(f"{out}: {name} {contestant} was scored {differs}; give another --out")
                rows.append(row)
                if on_row:
                    on_row(row, known is not None)
    return rows


def _differs(row: Row, task: EvalTask, lineup: Lineup) -> str | None:
    """How a row that stands differs from what is asked for now; None where it is the same."""
    if (row.limit, row.seed) != (task.limit, lineup.seed):
        asked = "all series" if task.limit is None else f"{task.limit} series"
        was = "all series" if row.limit is None else f"{row.limit} series"
        return f"on {was} with seed {row.seed}, now {asked} with seed {lineup.seed}"
    if row.fingerprint != task.fingerprint:
        return f"on other data or windows ({row.fingerprint}, now {task.fingerprint})"
    if row.model_digest is not None:
        now = lineup.contestant(row.contestant, task)
        digest, prompts = (getattr(now, name, None) for name in ("model_digest", "prompt_digest"))
        if (row.model_digest, row.prompt_digest) != (digest, prompts):
            return f"with another model or prompt (model {row.model_digest}, now {digest})"
        if row.samples is not None and row.samples != lineup.samples:
            return f"with {row.samples} answers a series, now {lineup.samples}"
    return None


def _of(progress: Tell | None, task: str, contestant: str) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        if progress:
            progress(task, contestant, done, of)

    tell(0, 1)
    return tell


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the runs file for one writer."""
    with locked(out.with_name(f"{out.name}.lock"), str(out), keep=False):
        try:
            yield
        except OSError as error:
            raise InputError(f"{out}: stopped ({error})") from None
