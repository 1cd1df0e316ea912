"""Files read: regular files within a stated size; a device, a pipe, a folder or a damaged one is a clear no.

Every file that a person names is opened through here, or checked here before a library opens it by its name.
"""

import json
import os
import stat
import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from .errors import InputError

MB = 1 << 20
SETTINGS = 1 * MB  # a schema, a policy, roles, a recipe, a card: what a person writes by hand
TEXT = 64 * MB  # a file of notes, proposals
SESSION = 512 * MB  # a conversation with all its steps
LONGEST = 80  # characters of a name that are shown


class NotReadError(InputError):
    """A file that cannot be read."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: cannot be read ({why})")

    def __reduce__(self) -> tuple[object, ...]:
        return (InputError, (str(self),))


def brief(name: object) -> str:
    """A name as it is shown: of a very long one its beginning and its end."""
    text, half = str(name), LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}…{text[1 - half :]}"


def home_of(name: str | Path) -> Path:
    """A path with `~` as the person's folder.

    Raises:
        InputError: it is of nobody known, or no name that a file can have.
    """
    try:
        path = Path(name).expanduser()
        os.fsencode(path)
    except RuntimeError:
        raise InputError(f"{brief(name)}: nobody of that name has a folder here") from None
    except UnicodeEncodeError:
        raise InputError(f"{brief(name)!r}: no name that a file can have") from None
    if "\0" in str(path):
        raise InputError(f"{brief(name)!r}: no name that a file can have")
    return path


def check_file(path: Path, name: str | None = None, *, most: int | None = None) -> None:
    """Refuse what is no regular file or too large, before it is opened.

    Args:
        path: of the file; a link is followed.
        name: in the message; the path when left out.
        most: bytes; None is without a bound, for what is read bit by bit.

    Raises:
        InputError: it is not there, may not be read, is a folder, device, pipe or socket, or is larger.
    """
    shown = name or brief(path)
    try:
        found = path.stat()
        if not os.access(path, os.R_OK):
            raise PermissionError(0, "Permission denied")
    except OSError as error:
        raise NotReadError(shown, error.strerror or type(error).__name__) from None
    except ValueError:
        raise NotReadError(shown, "no name that a file can have") from None
    _check(found, shown, most)


def _check(found: os.stat_result, shown: str, most: int | None) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise NotReadError(shown, "it is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise NotReadError(shown, "a device, pipe or socket; expected a file")
    if most is not None and found.st_size > most:
        raise NotReadError(shown, f"{found.st_size / MB:,.0f} MB; expected at most {most // MB:,} MB")


def open_file(path: Path, name: str | None = None, *, most: int | None = None) -> BinaryIO:
    """A file to be read bit by bit; what would make the reader wait is not waited for.

    Raises:
        InputError: it cannot be read, or is larger.
    """
    check_file(path, name, most=most)
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
        _check(os.fstat(file.fileno()), name or brief(path), most)  # it may have changed since
    except OSError as error:
        raise NotReadError(name or brief(path), error.strerror or type(error).__name__) from None
    return file


def read_bytes(path: Path, name: str | None = None, *, most: int = TEXT) -> bytes:
    """What is in a file.

    Args:
        path: of the file.
        name: in the message; the path when left out.
        most: bytes.

    Raises:
        InputError: it cannot be read, or is larger.
    """
    try:
        with open_file(path, name, most=most) as file:
            content = file.read(most + 1) or b""  # files of the system have no size beforehand
    except OSError as error:
        raise NotReadError(name or brief(path), error.strerror or type(error).__name__) from None
    if len(content) > most:
        raise NotReadError(name or brief(path), f"expected at most {most // MB:,} MB")
    return content


def read_text(path: Path, name: str | None = None, *, most: int = TEXT) -> str:
    """The text of a file in UTF-8.

    Raises:
        InputError: it cannot be read, is larger, or is no such text.
    """
    try:
        return read_bytes(path, name, most=most).decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotReadError(name or brief(path), f"not UTF-8 text: {error.reason}") from None


def read_toml(path: Path, name: str | None = None) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        InputError: it cannot be read, or is no TOML.
    """
    shown = name or brief(path)
    text = read_text(path, name, most=SETTINGS)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InputError(f"{shown}: not a TOML file (nested too deep)") from None
    except ValueError as error:
        raise InputError(f"{shown}: not a TOML file ({str(error)[:200]})") from None


def parse_json(text: str | bytes) -> Any:
    """What JSON holds.

    Raises:
        ValueError: it is none, or nested too deep.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def read_json(path: Path, name: str | None = None, *, most: int = TEXT) -> Any:
    """What a JSON file holds.

    Raises:
        InputError: it cannot be read, or is no JSON.
    """
    text = read_text(path, name, most=most)
    try:
        return parse_json(text)
    except ValueError as error:
        raise InputError(f"{name or brief(path)}: not a JSON file ({str(error)[:200]})") from None
