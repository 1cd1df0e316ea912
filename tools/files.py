"""Files written: whole or not at all, by one process at a time, and never in the place of what is not ours.

Every file and folder that skucast writes goes through here. Errors are `InputError`s of one line.
"""

import ctypes
import fcntl
import glob
import itertools
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import InputError
from .messages import Refusal

PART = ".part-{process}-{name}"
AT_FDCWD, EXCHANGE = -100, 2  # of Linux's renameat2(2)
Reads = Callable[[Path], bool]


def nothing(path: Path) -> bool:
    """Of no file: what `reads` is where nothing is read."""
    return False


class NotWrittenError(InputError):
    """A file that could not be written.

    Attributes:
        path: of the file, for people.
        why: what the system said.
    """

    def __init__(self, path: object, error: OSError, then: str = "") -> None:
        self.path = str(path)
        self.why = error.strerror or next(iter(str(error).splitlines()), type(error).__name__)
        super().__init__(f"{path}: cannot be written ({self.why}){then}")

    def __reduce__(self) -> tuple[object, ...]:
        return (InputError, (str(self),))


def check_writable(path: Path, name: str | None = None, *, folder_too: bool = True) -> None:
    """Refuse a file that cannot be written, before any work is done.

    Args:
        path: of the file.
        name: in the message; the path when left out.
        folder_too: folders that are missing will be made.

    Raises:
        InputError: no such folder, no right to write there, or a folder in the file's place.
    """
    try:
        there = [one for one in path.absolute().parents if one.exists()] if folder_too else [path.parent]
        _check_free(path)
        if not path.exists():
            tempfile.TemporaryFile(dir=there[0]).close()
    except OSError as error:
        raise NotWrittenError(name or path, error) from None


def check_ours(
    path: Path,
    is_ours: Callable[[Path], bool],
    name: str | None = None,
    *,
    overwrite: bool = False,
    reads: Reads = nothing,
) -> bool:
    """Refuse to replace or add to a file that skucast did not write, and always one that it reads.

    Args:
        path: of the file; where there is none, an empty one or a device, nothing is refused.
        is_ours: tells by the content whether skucast wrote a file of this kind; an error means no.
        name: in the message; the path when left out.
        overwrite: the person allowed that it is replaced, whatever it is.
        reads: tells of a file that is part of the input; that may not be replaced even so.

    Returns:
        Whether there is something else, which may be replaced.

    Raises:
        InputError: the file holds something else.
    """
    if reads(path):
        raise Refusal("file-is-input", path=name or str(path))
    if not path.is_file() or path.stat().st_size == 0:
        return False
    try:
        ours = is_ours(path)
    except Exception:  # each reader has errors of its own: what it cannot read, it did not write
        ours = False
    if not ours and not overwrite:
        raise Refusal("file-not-ours", path=name or str(path))
    return not ours


def reading(*paths: Path | None) -> Reads:
    """Tells of these files, by whatever name or link; None is none."""
    return lambda path: any(same_file(path, one) for one in paths if one is not None)


def has_lines(path: Path, parse: Callable[[str], object], begins: str, most: int | None = None) -> bool:
    """Whether a file is JSON lines of one kind; a half line at its end, as a kill leaves it, may be.

    Args:
        path: of the file.
        parse: raises `ValueError` for a line of another kind.
        begins: how every line begins, for the half one.
        most: read no more than so many, where what follows says which line is wrong.
    """
    with path.open("rb") as file:
        for line in itertools.islice(file, most):
            if not line.endswith(b"\n"):  # perhaps in the middle of a letter
                return line.startswith(begins.encode()[: len(line)])
            parse(line.decode())
    return True


def write_whole(path: Path, content: str | bytes, name: str | None = None, *, then: str = "") -> None:
    """Write a file that is there whole or not at all, and on the disk: see `replacing`.

    Raises:
        InputError: it cannot be written; what stood there before still stands.
    """
    with replacing(path, name, then=then) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def replacing(path: Path, name: str | None = None, *, then: str = "") -> Iterator[Path]:
    """A file to write, of the same suffix, that takes its place once all went well; folders are made.

    A kill or a full disk half-way leaves the old file as it was; what such a kill left is cleared away by the next.

    Args:
        path: of the file; a link is followed; what goes to a device or pipe is made beside first.
        name: in the message; the path when left out.
        then: added after the reason in an error.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path = path.resolve() if path.is_symlink() else path
        if path.exists() and not path.is_file() and not path.is_dir():
            held = os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # a pipe that nobody reads from is refused
            with os.fdopen(held, "wb") as device, tempfile.TemporaryDirectory() as folder:
                ready = Path(folder) / path.name  # it may be read again while it is made, which a device cannot be
                yield ready
                os.set_blocking(held, True)
                device.write(ready.read_bytes())
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _check_free(path)
        beside = _beside(path)
        try:
            yield beside
            with beside.open("rb") as written:
                os.fsync(written.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise NotWrittenError(name or path, error, then) from None


@contextmanager
def replacing_folder(
    path: Path, *, replace: bool = False, stands: Callable[[], bool] = lambda: False
) -> Iterator[Path]:
    """A folder to fill, empty at first, that takes its place once all went well.

    Args:
        path: of the folder, missing or empty.
        replace: whatever stands there goes, once the new one is ready.
        stands: asked once it is ready; True leaves what another process has put there meanwhile.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ready = _beside(path)
        old = ready.with_name(f"{ready.name}.old")
        try:
            ready.mkdir()
            yield ready
            if stands():
                return
            if replace and path.exists():
                if _exchanged(ready, path):
                    return
                path.rename(old)
            try:
                ready.rename(path)
            except OSError:
                if old.exists():
                    old.rename(path)
                raise
        finally:
            for left in (ready, old):
                shutil.rmtree(left, ignore_errors=True)
    except OSError as error:
        raise NotWrittenError(path, error) from None


@contextmanager
def locked(path: Path, name: str | None = None, *, keep: bool = True, wait: float = 0.0) -> Iterator[int]:
    """Hold a file, made where there is none, for this process alone; a kill lets go of it.

    Args:
        path: of the file.
        name: in the message; the path when left out.
        keep: leave the file there afterwards.
        wait: seconds that another process may take to let go of it.

    Yields:
        A descriptor that reads the file and appends to it.

    Raises:
        InputError: another process holds it, or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError as error:
        raise NotWrittenError(name or path, error) from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise InputError(f"{name or path}: a device, pipe or socket; expected a file that can be added to")
        held, until = _held(handle, path), time.monotonic() + wait
        while not held and time.monotonic() < until:
            time.sleep(0.05)
            held = _held(handle, path)
        if not held:
            raise InputError(f"{name or path}: another run is writing this file")
        try:
            yield handle
        finally:
            if not keep:
                path.unlink(missing_ok=True)  # while it is held: nobody else's
    finally:
        os.close(handle)


def _exchanged(one: Path, other: Path) -> bool:
    """Put each of two folders in the other's place, so that there is no moment without either; False where none can."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return int(rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), EXCHANGE)) == 0


def _held(handle: int, path: Path) -> bool:
    """Whether the file is now this process's alone."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:  # another's; or gone, because its holder has just ended
        return False


def _check_free(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    if path.exists() and not os.access(path, os.W_OK):  # a rename would not ask
        raise PermissionError(0, "Permission denied")


def _beside(path: Path) -> Path:
    """Where a file or folder is made ready; what processes that are gone left there is cleared away."""
    made = path.with_name(PART.format(process=os.getpid(), name=path.name))
    for left in path.parent.glob(PART.format(process="*", name=glob.escape(path.name))):
        process = left.name.split("-")[1]
        if process.isdigit() and not _runs(int(process)):
            with suppress(OSError):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    return made


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another person's
        pass
    return True


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths are one file, there or not, through links too."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there, or a link in a circle
        return Path(os.path.realpath(one)) == Path(os.path.realpath(other))
