"""Long work behind a page: begun once, looked at while it goes on, and never waited for longer than a person would."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from ....tools.errors import InputError
from ....tools.messages import Refusal
from ...forecast.forecaster import Progress
from ..service import Busy

PATIENCE = 0.4  # seconds that a page waits before it is shown without what is not ready
KEPT = 500  # results, the least used go first
AGAIN = 1.0  # seconds until a busy desk is asked again

LOG = logging.getLogger(__name__)
Make = Callable[[Progress], Awaitable[Any]]


@dataclass
class Job:
    """Work that goes on or is done.

    Attributes:
        stage: what it is at, by name; empty where it waits for its turn.
        done: how many series of the stage are done.
        of: of how many.
        began: when it began, by the monotonic clock.
        task: the work itself.
    """

    stage: str = ""
    done: int = 0
    of: int = 0
    began: float = field(default_factory=time.monotonic)
    task: "asyncio.Task[Any] | None" = None


@dataclass(frozen=True)
class Part:
    """A part of a page: its value, why there is none, or how far the work is.

    Attributes:
        value: what was made; None where it is not ready or was refused.
        refused: why it cannot be made; None where it can.
        job: the work that goes on; None where it is over.
    """

    value: Any = None
    refused: InputError | None = None
    job: Job | None = None

    @property
    def ready(self) -> bool:
        """Whether there is a value to show."""
        return self.job is None and self.refused is None


class Work:
    """The work of all pages, by name: whoever looks for the same finds the same."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    async def part(self, name: str, make: Make) -> Part:
        """What is made under a name, begun if it is not yet; looked at for as long as a page waits.

        Work that failed is begun again when it is looked for the next time.

        Args:
            name: of the work: all that decides its result.
            make: makes it, and tells its progress, from any thread.
        """
        job = self._jobs.get(name) or self.begin(name, make)
        return await self.look(name, job)

    def begin(self, name: str, make: Make) -> Job:
        """Begin some work."""
        job = self._jobs[name] = Job()
        job.task = asyncio.get_running_loop().create_task(_patiently(make, job))
        while len(self._jobs) > KEPT:
            old = next((key for key, one in self._jobs.items() if one.task is None or one.task.done()), None)
            if old is None:
                break
            del self._jobs[old]
        return job

    async def look(self, name: str, job: Job) -> Part:
        """How far some work is. A fault of ours spoils its own part of a page alone, and is logged."""
        assert job.task is not None
        await asyncio.wait([job.task], timeout=self.patience)
        if not job.task.done():
            return Part(job=job)
        error = asyncio.CancelledError() if job.task.cancelled() else job.task.exception()
        if error is not None:
            self._jobs.pop(name, None)
            return Part(refused=_refusal(error))
        if name in self._jobs:
            self._jobs.move_to_end(name)
        return Part(value=job.task.result())


def _refusal(error: BaseException) -> InputError:
    """Why there is no value."""
    if isinstance(error, InputError):
        return error
    LOG.error("a part of a page failed", exc_info=error)
    return Refusal("chat-fault", why=" ".join(f"{type(error).__name__}: {error}".split()))


async def _patiently(make: Make, job: Job) -> Any:
    """Make it; where too many wait, or it takes longer than one call may, ask again: it goes on meanwhile."""

    def progress(stage: str, done: int, of: int) -> None:
        job.stage, job.done, job.of = stage, done, of

    while True:
        try:
            return await make(progress)
        except Busy:
            await asyncio.sleep(AGAIN)
