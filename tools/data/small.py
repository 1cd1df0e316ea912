"""A small table that a person keeps by hand, such as costs, read at once: every cell as text."""

import io
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError

from ..errors import InputError
from ..inputs import MB, TEXT, NotReadError, read_bytes
from .encoding import opened
from .files import kind_of
from .workbooks import check_size


def read_small(path: Path) -> pd.DataFrame:
    """The rows of a CSV or of a workbook's first sheet.

    Raises:
        InputError: it cannot be read, is no table, or is larger than 64 MB unpacked.
    """
    packed = read_bytes(path, most=TEXT)
    try:
        if kind_of(path) == "workbook":
            check_size(io.BytesIO(packed))
            return pd.read_excel(io.BytesIO(packed), engine="calamine", dtype=str)
        with opened(path) as file:
            content = file.read(TEXT + 1)
        if len(content) > TEXT:
            raise NotReadError(str(path), f"expected at most {TEXT // MB} MB unpacked")
        return pd.read_csv(io.BytesIO(content), dtype=str)
    except InputError as error:
        text = str(error)
        raise InputError(text if text.startswith(f"{path}: ") else f"{path}: {text}") from None
    except (OSError, ValueError, CalamineError) as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise NotReadError(str(path), first[:200]) from None
