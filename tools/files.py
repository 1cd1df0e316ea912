"""Files to write: whether one can be, asked before the work whose result it is to hold."""

import os
import tempfile
from pathlib import Path

from .errors import InputError


def check_writable(path: Path, name: str | None = None, *, folder_too: bool = True) -> None:
    """Refuse a file that cannot be written, before any work is done.

    Args:
        path: of the file.
        name: in the message; the path when left out.
        folder_too: folders that are missing will be made.

    Raises:
        InputError: no such folder, no right to write there, or a folder in the file's place.
    """
    there = [one for one in path.absolute().parents if one.exists()] if folder_too else [path.parent]
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if not path.exists():
            tempfile.TemporaryFile(dir=there[0]).close()
        elif not os.access(path, os.W_OK):
            raise PermissionError(0, "Permission denied")
    except OSError as error:
        raise InputError(f"{name or path}: cannot be written ({error.strerror})") from None
