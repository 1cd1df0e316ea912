"""Forecasts as a flat table, one row a series and period, for a Parquet, CSV or Excel file or a database."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
from pyarrow.parquet import read_schema

from ...tools.data.address import is_address, shown
from ...tools.data.databases import upsert
from ...tools.errors import InputError
from ...tools.files import check_ours, check_writable, reading, replacing
from ...tools.inputs import NotReadError
from ..forecast.report import ForecastFailure, ForecastReport, GroupOf, LLMPart
from .run import read_lines
from .workbook import FORECAST, write_workbook

KEY = ("unique_id", "cutoff", "ds", "model")
COLUMNS = rf"{','.join(KEY)},mean(,q\d+)+,llm_weight,version"
SUFFIXES = (".parquet", ".csv", ".xlsx")
TEXTS = ("unique_id", "model", "version")
FORMULA = re.compile(r"(?![-+]?\d+(\.\d+)?$)[=+\-@]")  # a number may have its sign


def flat(lines: Iterable[ForecastReport | ForecastFailure]) -> pd.DataFrame:
    """Columns `unique_id, cutoff, ds, model, mean, q10 … q90, llm_weight, version`; failures have no row.

    `model` is the LLM that was asked, else `base`. Units are per period.
    """
    rows = []
    for line in lines:
        if isinstance(line, ForecastFailure):
            continue
        asked = line.group or line.llm
        of = {
            "unique_id": line.unique_id,
            "cutoff": pd.Timestamp(line.cutoff),
            "model": (asked.engine if asked else None) or "base",
            "llm_weight": _weight(asked),
            "version": line.skucast_version,
        }
        for step in line.steps:
            levels = {f"q{round(float(name[1:]) * 100)}": units for name, units in step.quantiles.items()}
            rows.append({**of, "ds": pd.Timestamp(step.ds), "mean": step.mean, **levels})
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    figures = [name for name in frame.columns if name not in (*KEY, "llm_weight", "version")]
    return frame[[*KEY, *figures, "llm_weight", "version"]]


def _weight(asked: LLMPart | GroupOf | None) -> float:
    """The LLM's share in a forecast, or in those of a group's series."""
    if asked is None:
        return 0.0
    return asked.llm_weight if isinstance(asked, GroupOf) else asked.weight


def check_target(to: str, *, overwrite: bool = False, reads: Callable[[str | Path], bool] = lambda _: False) -> None:
    """Refuse a target that cannot be written, before any work is done.

    Args:
        to: a file, or a table's address.
        overwrite: a file of another's may be replaced.
        reads: tells of a file or table that is part of the input.

    Raises:
        InputError: neither a .parquet, .csv or .xlsx file that can be written and is ours, nor a table's address.
    """
    if is_address(to):
        if not to.partition("::")[2]:
            raise InputError(f"{shown(to)}: name a table after ::")
        if reads(to):
            raise InputError(f"{shown(to)}: this is read as input, and never written to; choose another table")
        return
    if Path(to).suffix not in SUFFIXES:
        raise InputError(f"{shown(to)}: expected a .parquet, .csv or .xlsx file, or the address of a database's table")
    check_writable(Path(to))
    check_ours(Path(to), is_table, overwrite=overwrite, reads=reads)


def is_table(path: Path) -> bool:
    """Whether a file is a table that `export` wrote: its columns are those of `flat`, and no others."""
    if path.suffix == ".xlsx":
        names = list(pd.read_excel(path, sheet_name=FORECAST, engine="calamine", nrows=0).columns)
    else:
        names = list(pd.read_csv(path, nrows=0).columns) if path.suffix == ".csv" else read_schema(path).names
    return re.fullmatch(COLUMNS, ",".join(names)) is not None


def no_formula(text: str) -> str:
    """Text for CSV that a spreadsheet runs as no formula."""
    return f"'{text}" if FORMULA.match(text) else text


def export(path: Path, to: str, *, overwrite: bool = False) -> int:
    """Write the forecasts of a batch file elsewhere; done again it changes nothing.

    In CSV an apostrophe stands before text that a spreadsheet would run as a formula: that begins with = + - or @ and
    is no number.

    Args:
        path: the JSONL file.
        to: a .parquet, .csv or .xlsx file, or a table's address; there rows of the same series, cutoff, period and
            model are replaced.
        overwrite: a file that skucast did not write may be replaced.

    Returns:
        Rows written.

    Raises:
        InputError: the file is no batch, holds no forecast, or the target cannot be written.
    """
    check_target(to, overwrite=overwrite, reads=lambda target: reading(path)(Path(target)))
    try:
        lines = list(read_lines(path))
        frame = flat(lines)
    except NotReadError:
        raise
    except ValueError as error:
        raise InputError(f"{path}: no file of forecasts ({str(error).splitlines()[0]})") from None
    if frame.empty:
        raise InputError(f"{path}: holds no forecast")
    if is_address(to):
        return upsert(to, frame, KEY)
    target = Path(to)
    with replacing(target) as beside:
        if target.suffix == ".csv":
            frame.assign(**{name: frame[name].map(no_formula) for name in TEXTS}).to_csv(beside, index=False)
        elif target.suffix == ".xlsx":
            write_workbook(beside, frame, lines)
        else:
            frame.to_parquet(beside, index=False)
    return len(frame)
