"""Jobs: long forecasts to a file, in a process of their own."""

import time
from functools import partial
from pathlib import Path

import pytest
from skucast.agent.faces.jobs import AT_ONCE, Job, Jobs
from skucast.agent.faces.service import Busy
from skucast.tools.errors import InputError


def write(fails: bool, ids: list[str], ahead: int, path: Path) -> None:
    with path.open("a") as file:
        for uid in ids[path.exists() and len(path.read_text().splitlines()) :]:
            file.write(f"{uid} {ahead}\n")
    if fails:
        raise InputError("no such model")


def jobs_in(folder: Path, *, fails: bool = False) -> Jobs:
    return Jobs(folder, "data", ["A", "B"], lambda horizon: int(horizon or 4), partial(write, fails))


def ended(jobs: Jobs, job: Job) -> Job:
    while (found := jobs.state(job.id)) is not None and found.state == "running":
        time.sleep(0.05)
    assert found is not None
    return found


def test_a_job_is_found_again_by_the_same_request(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path)
    made = jobs.start(None, "2")
    done = ended(jobs, made)
    assert (done.state, done.done, done.of) == ("done", 2, 2)
    assert jobs.path(made.id).read_text() == "A 2\nB 2\n"
    assert jobs.start(["A", "B"], "2") == done
    assert jobs_in(tmp_path).state(made.id) == done  # after a restart too
    assert jobs.state("../etc") is None


def test_a_stopped_one_goes_on(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path)
    made = jobs.start(["A", "B"], None)
    ended(jobs, made)
    jobs.path(made.id).write_text("A 4\n")
    assert jobs.state(made.id) == Job(id=made.id, state="stopped", done=1, of=2)
    assert ended(jobs, jobs.start(["A", "B"], None)).state == "done"


def test_why_one_failed_is_said(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path, fails=True)
    found = ended(jobs, jobs.start(None, None))
    assert (found.state, found.why) == ("failed", "no such model")


def test_strange_series_are_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown: 'Z'"):
        jobs_in(tmp_path).start(["A", "Z"], None)
    with pytest.raises(InputError, match="none"):
        jobs_in(tmp_path).start([], None)


class Alive:
    def is_alive(self) -> bool:
        return True


def test_one_too_many_may_come_again(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path)
    jobs._running |= {str(at): Alive() for at in range(AT_ONCE)}  # type: ignore[misc]
    with pytest.raises(Busy, match="2 jobs run already"):
        jobs.start(["A"], None)
