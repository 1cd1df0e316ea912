"""Tasks: a panel and its test windows, cut and scored through fev; what a contestant gets cannot hold the truth."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...tools.data.address import shown
from ...tools.data.panel import SEASON_LENGTH, Panel
from ...tools.errors import InputError, nearest
from ...tools.forecast.lost_sales import without_stockouts
from ...tools.inputs import brief, read_toml
from ...tools.quantiles import LEVELS, MEDIAN, Array
from .aligned import aligned, digest
from .panels import PANELS

FEV_METRICS = ["SQL", "MASE", "WQL", "WAPE", "RMSSE"]
ELSEWHERE = {"panel", "file", "sql", "table_schema", "published"}  # where a task is read from does not change it
SEASONALITY = "of the scale of MASE and SQL; default 7, 52, 12, or 1 where no series shows two such seasons"
UNSIZED = 0  # the horizon of a panel file until a person's, or the default, is known
SHIPPED = resources.files(__package__)


class TaskSpec(BaseModel):
    """One task as a TOML file declares it. Either `panel` (a benchmark panel) or `file` (yours)."""

    model_config = ConfigDict(extra="forbid")

    panel: str | None = Field(default=None, description="a benchmark panel by name")
    file: str | None = Field(default=None, description="a panel file of yours, relative to the TOML file")
    sql: str | None = Field(default=None, description="a query over that file, as for skucast forecast")
    table_schema: str | None = Field(
        default=None, description="TOML schema of that file, relative to the TOML file; default: beside the panel file"
    )
    horizon: int = Field(default=UNSIZED, ge=1, le=366, description="periods ahead")
    windows: int = Field(default=3, ge=1, le=100, description="test windows, one horizon apart, up to the data's end")
    seasonality: int | None = Field(default=None, ge=1, description=SEASONALITY)
    country: str | None = Field(default=None, description="ISO code, for public holidays")
    mask_stockouts: bool = Field(default=False, description="periods out of stock neither train nor score as no demand")
    every: int = Field(default=1, ge=1, description="only every so many-th series by sorted unique_id")
    published: str | None = Field(default=None, description="CSV of published scores, shipped or under SKUCAST_DATA")


def shipped_tasks() -> list[str]:
    """The names of the tasks that come with skucast."""
    return sorted(entry.name.removesuffix(".toml") for entry in SHIPPED.iterdir() if entry.name.endswith(".toml"))


def load_spec(name: str) -> tuple[str, TaskSpec]:
    """A task by name, by TOML file, or by panel file with the defaults (horizon 28 days, 4 weeks or 3 months).

    Returns:
        The task's name and what it declares.

    Raises:
        InputError: there is no such task, or the file declares what a task does not have.
    """
    path = Path(name)
    if not path.suffix:
        if name not in shipped_tasks():
            raise InputError(
                f"unknown task {shown(name)!r}: {nearest(name, shipped_tasks())}; or a .toml file, or a panel file"
            )
        return name, _spec(Path(str(SHIPPED / f"{name}.toml")), name)
    if not path.exists():
        raise InputError(f"task {shown(name)}: no such file")
    if path.suffix != ".toml":
        return path.stem, TaskSpec(file=str(path.absolute())).model_copy(update={"horizon": UNSIZED})
    spec = _spec(path, name)
    beside = path.absolute().parent
    named = {key: getattr(spec, key) for key in ("file", "table_schema")}
    return path.stem, spec.model_copy(
        update={key: str(beside / value) for key, value in named.items() if value is not None}
    )


def _spec(path: Path, name: str) -> TaskSpec:
    try:
        spec = TaskSpec.model_validate(read_toml(path, f"task {brief(name)}"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "task"
        raise InputError(
            f"task {name}: {where}: {first['msg']}; fields are {', '.join(TaskSpec.model_fields)}"
        ) from None
    if spec.horizon == UNSIZED:
        raise InputError(f"task {name}: horizon is missing; fields are {', '.join(TaskSpec.model_fields)}")
    if (spec.panel is None) == (spec.file is None):
        raise InputError(f"task {name}: give either panel (one of {', '.join(PANELS)}) or file")
    if spec.panel is not None and spec.panel not in PANELS:
        raise InputError(f"task {name}: unknown panel {spec.panel!r}: {nearest(spec.panel, list(PANELS))}")
    return spec


def sized(named: tuple[str, TaskSpec], horizon: str | None, windows: int | None) -> tuple[str, TaskSpec]:
    """The task with a person's horizon and windows. A panel file without either has 3 windows of the usual horizon.

    Raises:
        InputError: a benchmark task is resized (its scores would not compare), or the horizon cannot be read.
    """
    name, spec = named
    plain = spec.file is not None and spec.horizon == UNSIZED
    if not plain:
        if horizon or windows:
            raise InputError(
                f"task {name}: its TOML file says horizon and windows; --horizon and --windows are for panel files"
            )
        return named
    from ...tools.data.horizon import DEFAULT_HORIZON, parse_horizon

    panel = load_panel(spec)
    periods = parse_horizon(horizon or DEFAULT_HORIZON[panel.freq], panel)
    return name, spec.model_copy(update={"horizon": periods, "windows": windows or 3})


def load_panel(spec: TaskSpec) -> Panel:
    """The panel of a task, truth included: for the harness, never for a contestant.

    With `every` it has that part of the series which the task is about; nobody sees the others.
    """
    panel = _whole_panel(spec)
    return panel if spec.every == 1 else panel.select(sorted(panel.unique_ids)[:: spec.every])


def _whole_panel(spec: TaskSpec) -> Panel:
    if spec.panel is not None:
        return PANELS[spec.panel]()
    from ...tools.data.read import open_source

    assert spec.file is not None
    return open_source(
        Path(spec.file), schema=Path(spec.table_schema) if spec.table_schema else None, sql=spec.sql
    ).panel()


@dataclass(frozen=True)
class Window:
    """One test window as a contestant sees it.

    Attributes:
        index: its place, oldest first.
        panel: what was known at the cutoff, and the plan over the horizon.
        wanted: the series to forecast.
    """

    index: int
    panel: Panel
    wanted: list[str]


@dataclass(frozen=True)
class Truth:
    """What came true in a window, in the order of `unique_ids`.

    Attributes:
        unique_ids: the N series.
        ds: the periods, shape `[N, H]`.
        y: units, shape `[N, H]`.
        history: the past of each series.
    """

    unique_ids: list[str]
    ds: list[list[str]]
    y: Array
    history: list[Array]


class EvalTask:
    """A loaded task: windows for contestants, truth and metrics for the harness."""

    def __init__(self, name: str, spec: TaskSpec, *, limit: int | None = None, seed: int = 0) -> None:
        """Load the panel and hand it to fev.

        Series that are too short for the windows or end before the panel does are not in the task (see `aligned`);
        `series_of` counts them all the same.

        Args:
            name: of the task.
            spec: what it declares.
            limit: score only so many series, sampled reproducibly. Contestants still see the whole panel.
            seed: of the sample.

        Raises:
            InputError: the data is missing or unusable, too short for the windows, or without the stock to mask by.
        """
        panel = without_stockouts(load_panel(spec)) if spec.mask_stockouts else load_panel(spec)
        self.name, self.spec = name, spec
        self.schema, self.offset, self.static = panel.schema, panel.offset, panel.static
        self.series_of = len(panel.unique_ids)
        self._folder = tempfile.TemporaryDirectory(prefix="skucast-eval-")
        panel = aligned(panel, spec.horizon, spec.windows, name)
        season = SEASON_LENGTH[panel.freq]
        shown = int(panel.past["unique_id"].value_counts().max()) - spec.horizon * spec.windows
        self.seasonality = spec.seasonality or (season if shown >= 2 * season else 1)
        self._whole = self._fev(panel, "whole")
        ids = sorted(panel.unique_ids)
        self.limit = limit if limit is not None and limit < len(ids) else None
        if self.limit is not None:
            chosen = np.random.default_rng(seed).choice(len(ids), self.limit, replace=False)
            ids = sorted(ids[i] for i in chosen)
            self._scored = self._fev(panel.select(ids), "sample")
        else:
            self._scored = self._whole
        self.wanted = ids
        asked = spec.model_dump(exclude=ELSEWHERE, exclude_defaults=True) | {"seasonality": self.seasonality}
        self._digest = digest(panel, asked)

    @property
    def fingerprint(self) -> str:
        """fev's fingerprint of the scored data (it looks at the first and last series), then ours of every value.

        Ours also covers what the task declares of horizon, windows and the rest: other windows are another task.
        """
        return f"{self._scored._dataset_fingerprint}-{self._digest}"

    def windows(self) -> Iterator[Window]:
        """The test windows, oldest first, without truth."""
        for index in range(self.spec.windows):
            past, future = self._whole.get_window(index).get_input_data()
            yield Window(index, self._panel(past, future), list(self.wanted))

    def truth(self, index: int) -> Truth:
        """What came true in a window, for scoring and nothing else."""
        window = self._scored.get_window(index)
        past, _ = window.get_input_data()
        actual = window.get_ground_truth()
        return Truth(
            unique_ids=[str(uid) for uid in actual["unique_id"]],
            ds=[[str(day)[:10] for day in row] for row in actual["ds"]],
            y=np.stack([np.asarray(row, dtype=float) for row in actual["y"]]),
            history=[np.asarray(row, dtype=float) for row in past["y"]],
        )

    def fev_scores(self, quantiles: Sequence[Array], contestant: str) -> dict[str, float]:
        """fev's metrics averaged over the windows.

        Args:
            quantiles: one `[N, H, Q]` a window, series in the order of `truth`.
            contestant: its name.
        """
        import datasets

        tables = []
        for q in quantiles:
            columns = {str(level): q[:, :, i].tolist() for i, level in enumerate(LEVELS)}
            tables.append(datasets.Dataset.from_dict({"predictions": q[:, :, MEDIAN].tolist(), **columns}))
        summary = self._scored.evaluation_summary(tables, model_name=contestant)
        return {name: float(summary[name]) for name in FEV_METRICS}

    def _fev(self, panel: Panel, name: str) -> Any:
        fev = _fev_library()
        path = Path(self._folder.name) / self.name / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        static = panel.static.reset_index()
        table = panel.past.astype({"ds": "datetime64[us]"})
        table = table.merge(static, on="unique_id", how="left") if len(panel.schema.static) else table
        table.to_parquet(path, index=False)
        task = fev.Task(
            dataset_path=str(path),
            task_name=self.name,
            horizon=self.spec.horizon,
            num_windows=self.spec.windows,
            seasonality=self.seasonality,
            quantile_levels=list(LEVELS),
            eval_metric=FEV_METRICS[0],
            extra_metrics=FEV_METRICS[1:],
            id_column="unique_id",
            timestamp_column="ds",
            target="y",
            known_dynamic_columns=list(panel.schema.known_future),
            past_dynamic_columns=list(panel.schema.past_only),
            static_columns=list(panel.schema.static),
        )
        with _quiet(self._folder.name):
            try:
                task.load_full_dataset(num_proc=1)
            except ValueError as error:
                raise InputError(f"task {self.name}: {error}") from None
        return task

    def _panel(self, past: Any, future: Any) -> Panel:
        """fev's input data as a Panel: nothing in it but what fev lets a model see."""
        fev_adapter = _fev_library().adapters.NixtlaAdapter
        schema = self.schema
        table, plan, _ = fev_adapter.convert_input_data(
            past,
            future,
            target_columns=["y"],
            id_column="unique_id",
            timestamp_column="ds",
            static_columns=list(schema.static),
        )
        for frame in (table, plan):
            frame["unique_id"] = frame["unique_id"].astype(str)
            frame["ds"] = pd.to_datetime(frame["ds"]).astype("datetime64[ns]")
        table["y"] = table["y"].astype(float)
        columns = ["unique_id", "ds", "y", *schema.known_future, *schema.past_only]
        ids = table["unique_id"].unique()
        return Panel(
            past=table[columns].sort_values(["unique_id", "ds"], kind="stable").reset_index(drop=True),
            future=plan[["unique_id", "ds", *schema.known_future]]
            .sort_values(["unique_id", "ds"], kind="stable")
            .reset_index(drop=True),
            static=self.static[self.static.index.isin(ids)],
            schema=schema,
            offset=self.offset,
        )


def _fev_library() -> Any:
    try:
        import fev
        import fev.adapters
    except ModuleNotFoundError:
        raise InputError("evals need fev: pip install 'skucast[evals]'") from None
    return fev


@contextmanager
def _quiet(folder: str) -> Iterator[None]:
    """Hugging Face datasets without bars and chatter, and with its cache in a folder of ours, gone when we are."""
    import datasets

    cache, level = datasets.config.HF_DATASETS_CACHE, datasets.logging.get_verbosity()
    bars = datasets.are_progress_bars_disabled()
    datasets.config.HF_DATASETS_CACHE = Path(folder) / "cache"
    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        datasets.config.HF_DATASETS_CACHE = cache
        datasets.logging.set_verbosity(level)
        if not bars:
            datasets.enable_progress_bars()
