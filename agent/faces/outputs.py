"""What a forecast puts out: files, checked before any work is done; reports on the screen or a pipe; charts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...tools.console import err, out
from ...tools.files import check_ours
from ..batch.export import check_target
from ..batch.journal import is_batch
from ..forecast.report import ForecastReport, is_reports
from .plots import chart, is_chart, save
from .show import show

if TYPE_CHECKING:
    import pandas as pd

    from ...tools.data.read import Source


def check_outputs(
    source: "Source", plot: Path | None, out_file: Path | None, to: str | None, *, overwrite: bool, whole: bool
) -> None:
    """Refuse what is part of the input, or was not written by skucast. A `whole` --out is written at once, no batch."""
    if plot is not None:
        check_ours(plot, is_chart, f"plot {plot}", overwrite=overwrite, reads=source.reads)
    if out_file is not None:
        check_ours(
            out_file, is_reports if whole else is_batch, f"--out {out_file}", overwrite=overwrite, reads=source.reads
        )
    if to is not None:
        check_target(to, overwrite=overwrite, reads=source.reads)


def print_reports(
    reports: Sequence[ForecastReport], actual: "Mapping[str, pd.DataFrame | None]", lang: str, *, json: bool
) -> None:
    """Reports in a language, each with what came true where that is known; or as JSON, one a line."""
    for report in reports:
        sold = actual[report.unique_id]
        if json:
            print(report.model_dump_json())
        else:
            out.print(show(report, None if sold is None else sold["y"].tolist(), lang))


def draw(
    reports: Sequence[ForecastReport],
    past: "Mapping[str, pd.DataFrame]",
    actual: "Mapping[str, pd.DataFrame | None]",
    plot: Path,
) -> None:
    """A chart of reports to a file."""
    save([chart(one, past[one.unique_id], actual[one.unique_id]) for one in reports], plot)
    err.print(f"chart: {plot}", style="dim")
