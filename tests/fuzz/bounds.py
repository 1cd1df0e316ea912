"""One case in a child process of its own, within bounds of time and memory, and what became of it.

The child is forked from a process that has imported everything, so that a case costs no start. It says how it ended
through a pipe; where it does not end, or takes too much, it is killed and that is the verdict.
"""

import faulthandler
import hashlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60.0
MEMORY = 2 << 30  # bytes
LOOK = 0.02  # seconds between looks at the child
IDLE, BUSY = (
    20,
    5,
)  # it hangs if it works less than this share of the time; a busy machine may take so many times as long
Verdict = str  # fine | traceback | hang | memory | wrong


@dataclass(frozen=True)
class Ended:
    """How the work of a case says it ended.

    Attributes:
        refused: it said no in words.
        fault: the traceback of a fault of ours, else empty.
        wrong: what else is not right, else empty.
    """

    refused: bool = False
    fault: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a case."""

    verdict: Verdict
    refused: bool = False
    detail: str = ""
    seconds: float = 0.0
    memory: int = 0


def bounded(
    work: Callable[[], Ended],
    folder: Path,
    *,
    may_change: Collection[str] = (),
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Outcome:
    """Do the work in a forked child that stands in the folder.

    Args:
        work: what is done there.
        folder: its files are compared before and after.
        may_change: names of files that it may change or remove.
        seconds: of work, or of waiting for what never comes, until it is killed.
        memory: bytes of it until it is killed.
    """
    before = contents(folder)
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as stack:
        child = os.fork()
        if not child:
            _child(work, folder, said.fileno(), stack.fileno())
        verdict, took, most = _watch(child, seconds, memory)
        said.seek(0)
        stack.seek(0)
        text, where = said.read().decode(errors="replace"), stack.read().decode(errors="replace")
    if verdict != "fine":
        return Outcome(verdict, detail=where[:2000], seconds=took, memory=most)
    if not text:
        return Outcome("traceback", detail=f"the process died; {where[-1000:]}", seconds=took, memory=most)
    ended = Ended(**json.loads(text))
    after = contents(folder)
    changed = sorted(name for name, what in before.items() if name not in may_change and after.get(name) != what)
    wrong = ended.wrong or (f"changed: {', '.join(changed)}" if changed else "")
    verdict = "traceback" if ended.fault else "wrong" if wrong else "fine"
    return Outcome(verdict, ended.refused, ended.fault or wrong, took, most)


def contents(folder: Path) -> dict[str, str]:
    """Digests of the regular files of a folder that hold anything, by their names in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if not path.is_symlink() and path.is_file() and 0 < path.stat().st_size < 64 << 20
    }


def _child(work: Callable[[], Ended], folder: Path, said: int, stack: int) -> None:
    """Do the work and say how it ended; this never returns."""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nothing, fd)
        faulthandler.enable(stack)
        faulthandler.register(signal.SIGUSR1, stack)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        os.chdir(folder)
        try:
            ended = work()
        except BaseException as error:
            ended = Ended(fault=_told(error))
        os.write(said, json.dumps(ended.__dict__).encode())
    finally:
        os._exit(0)


def _told(error: BaseException) -> str:
    """An error and where in skucast it came from."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "skucast" in one.filename]
    lines = [f"{one.filename.rpartition('skucast/')[2]}:{one.lineno} {one.name}" for one in frames]
    return "\n".join([*lines[-8:], *traceback.format_exception_only(error)])[-3000:]


def _watch(child: int, seconds: float, memory: int) -> tuple[Verdict, float, int]:
    """Wait for a child, and kill it where it goes beyond a bound."""
    began, verdict, most = time.monotonic(), "fine", 0
    while True:
        ended, _, used = os.wait4(child, os.WNOHANG)
        took = time.monotonic() - began
        if ended:
            most = max(most, used.ru_maxrss * 1024)
            return (verdict if verdict != "fine" or most <= memory else "memory"), took, most
        most, worked = max(most, _resident(child)), _worked(child)
        idle = took > seconds and worked < took / IDLE
        over = "hang" if idle or max(worked, took / BUSY) > seconds else "memory" if most > memory else ""
        if over:
            verdict = over
            os.kill(child, signal.SIGUSR1)  # says where it is
            time.sleep(0.2)
            os.killpg(child, signal.SIGKILL)
            _, _, used = os.wait4(child, 0)
            return verdict, took, most
        time.sleep(LOOK)


def _resident(process: int) -> int:
    """Bytes of memory that a process has."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()


def _worked(process: int) -> float:
    """Seconds of CPU that a process took."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if sys.platform == "win32":
    raise ImportError("a case is forked, which Windows cannot")
