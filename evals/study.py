"""A study: tasks times contestants, row by row to a runs file, going on where an earlier run stopped."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..tools.errors import InputError
from .contestants import Lineup
from .evaluate import evaluate
from .runs import Row, append, read_rows
from .task import EvalTask, TaskSpec

Tell = Callable[[str, str, int, int], None]


def run_study(
    tasks: Sequence[tuple[str, TaskSpec]],
    contestants: Sequence[str],
    lineup: Lineup,
    out: Path,
    *,
    limit: int | None = None,
    command: str = "",
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
        progress: told task, contestant, windows done, and of how many.
        on_row: told each row, and whether it stood before.

    Returns:
        The rows asked for, old and new.

    Raises:
        InputError: a file cannot be read or written, another run is writing it, or a row in it was made from other data.
    """
    rows: list[Row] = []
    with _alone(out):
        stood = {row.key: row for row in (read_rows(out) if out.exists() else [])}
        for name, spec in tasks:
            task = EvalTask(name, spec, limit=limit, seed=lineup.seed)
            for contestant in contestants:
                known = stood.get((name, contestant, task.limit, lineup.seed))
                if known is not None:
                    if known.fingerprint != task.fingerprint:
                        raise InputError(
                            f"{out}: {name} was scored on other data ({known.fingerprint}, now {task.fingerprint}); "
                            "give another --out"
                        )
                    row = known
                else:
                    made = evaluate(
                        task,
                        lineup.contestant(contestant, task),
                        seed=lineup.seed,
                        command=command,
                        progress=_of(progress, name, contestant),
                    )
                    append(out, *made)
                    row = made[0]
                rows.append(row)
                if on_row:
                    on_row(row, known is not None)
    return rows


def _of(progress: Tell | None, task: str, contestant: str) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        if progress:
            progress(task, contestant, done, of)

    tell(0, 1)
    return tell


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the runs file for one writer."""
    lock = out.with_name(f"{out.name}.lock")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(f"{out}: another run is writing it") from None
            yield
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror})") from None
    finally:
        lock.unlink(missing_ok=True)
