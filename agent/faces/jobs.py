"""Jobs: forecasts of many series to a file, in processes of their own; a stopped one goes on when asked again."""

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ...tools.errors import InputError
from ...tools.files import write_whole
from .service import Busy
from .why import why

State = Literal["running", "done", "stopped", "failed"]
Run = Callable[[list[str], int, Path], None]  # series, periods ahead, the file to write

AT_ONCE = 2  # jobs that run


class Job(BaseModel):
    """How far a job is.

    Attributes:
        id: the same for the same series and horizon of the same data.
        state: stopped ones go on when they are asked for again.
        done: lines that are written.
        of: series that were asked for.
        why: a failed one failed.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    state: State
    done: int
    of: int
    why: str = ""


@dataclass
class Jobs:
    """Jobs of one data source.

    Attributes:
        folder: that the files of jobs lie in.
        digest: of the data and of all that decides a forecast.
        known: every series.
        periods: a span such as `4w` as a number of periods; the default for None. Raises InputError.
        run: what a job's process does; it can be pickled.
    """

    folder: Path
    digest: str
    known: Sequence[str]
    periods: Callable[[str | None], int]
    run: Run
    _running: dict[str, BaseProcess] = field(default_factory=dict)

    def start(self, unique_ids: Sequence[str] | None, horizon: str | None) -> Job:
        """Start a job, let a stopped one go on, or find the one that runs or is done.

        Args:
            unique_ids: the series; all when None.
            horizon: such as `4w`; the command's default when None.

        Raises:
            InputError: a series that is not known, none, or a horizon that cannot be forecast.
            Busy: too many jobs run.
        """
        ids = list(self.known if unique_ids is None else dict.fromkeys(unique_ids))
        strange = sorted(set(ids) - set(self.known))
        if strange or not ids:
            raise InputError(f"unique_ids: {f'unknown: {strange[0]!r}' if strange else 'none'}")
        ahead = self.periods(horizon)
        name = hashlib.sha256(json.dumps([self.digest, ids, ahead]).encode()).hexdigest()[:16]
        found = self.state(name)
        if found is not None and found.state in ("running", "done"):
            return found
        if sum(one.is_alive() for one in self._running.values()) >= AT_ONCE:
            raise Busy(f"{AT_ONCE} jobs run already; come again when one is done")
        self._place(name).mkdir(parents=True, exist_ok=True)
        write_whole(self._place(name) / "job.json", json.dumps({"of": len(ids)}))
        process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(self.run, ids, ahead, self.path(name)), daemon=True
        )
        process.start()
        self._running[name] = process
        return Job(id=name, state="running", done=0, of=len(ids))

    def state(self, job: str) -> Job | None:
        """How far a job is; None where there is none of that id."""
        place = self._place(job)
        if not job.isalnum() or not (place / "job.json").exists():
            return None
        of = int(json.loads((place / "job.json").read_text(encoding="utf-8"))["of"])
        path, why = self.path(job), place / "why.txt"
        done = path.read_bytes().count(b"\n") if path.exists() else 0
        process = self._running.get(job)
        if process is not None and process.is_alive():
            return Job(id=job, state="running", done=done, of=of)
        if why.exists():
            return Job(id=job, state="failed", done=done, of=of, why=why.read_text(encoding="utf-8"))
        return Job(id=job, state="done" if done >= of else "stopped", done=done, of=of)

    def path(self, job: str) -> Path:
        """The file that a job writes: a line a series."""
        return self._place(job) / "forecasts.jsonl"

    def close(self) -> None:
        """Stop those that run; what they wrote is whole."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.join(10)

    def _place(self, job: str) -> Path:
        return self.folder / job


def _work(run: Run, ids: list[str], ahead: int, path: Path) -> None:
    reason = path.with_name("why.txt")
    reason.unlink(missing_ok=True)
    try:
        run(ids, ahead, path)
    except Exception as error:
        write_whole(reason, " ".join(why(error).split()) or type(error).__name__)
        raise SystemExit(1) from None
