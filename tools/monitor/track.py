"""Tracking: what the ledger forecast, stage by stage, against what then sold; the last known value of it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from ..data.panel import Panel
from ..errors import InputError
from .ledger import STAGES, Entry, Ledger

FINAL = "final"  # the last stage of each forecast, whichever it is; held against the naive one
SUMS = (
    *("steps", "sold", "error", "signed", "absolute", "banded", "inside"),
    *("shared_sold", "shared_error", "error_before"),
)
MEMORY = "1500MB"
LAST_KNOWN = """
    select unique_id, ds, y from (
        select a.unique_id, a.ds, a.y, row_number() over (partition by a.unique_id, a.ds order by e.made desc) as place
        from skucast_actuals as a join skucast_entries as e on a.entry = e.entry
    ) as known where place = 1
"""
HELD = """
    with latest as (
        select *, case stage {ranks} end as rank from forecasts
        qualify row_number() over (partition by unique_id, stage, step order by made desc) = 1
            and (stage = 'override' or made = max(made) filter (stage <> 'override') over (partition by unique_id))
    ), held as (
        select latest.*, a.y, abs(a.y - "q-50") as error from latest join actuals as a using (unique_id, ds)
        where a.ds between '{first}' and '{last}'
    ), staged as (
        select stage, unique_id, case when stage = 'override' then author end as author, step, y, error, mean,
            "q-10", "q-90",
            lag(error) over (partition by unique_id, step order by rank) as error_before,
            max(error) filter (stage = 'naive') over (partition by unique_id, step) as naive_error,
            rank = max(rank) over (partition by unique_id, step) as last
        from held
    ), both_ways as (
        select * exclude (naive_error, last) from staged
        union all
        select * exclude (naive_error, last) replace ('{final}' as stage, null as author, naive_error as error_before)
        from staged where last
    )
    select stage, unique_id, author, step, count(*) as steps, sum(y) as sold, sum(error) as error,
        sum(mean - y) as signed,
        sum(abs(mean - y)) as absolute, count("q-10") as banded,
        count(*) filter (y between "q-10" and "q-90") as inside,
        coalesce(sum(y) filter (error_before is not null), 0) as shared_sold,
        coalesce(sum(error) filter (error_before is not null), 0) as shared_error,
        coalesce(sum(error_before), 0) as error_before
    from both_ways group by grouping sets ((stage, unique_id, author), (stage, step))
"""
UNKNOWN = """
    select count(*) from (select distinct unique_id, step, ds from forecasts) anti join actuals using (unique_id, ds)
"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Tracked:
    """Published forecasts against what sold.

    Attributes:
        through: the last period of the sales.
        products: sums (`SUMS`) by `stage` and `unique_id`.
        steps: the same by `stage` and `step` ahead.
        origins: how many cutoffs were forecast from.
        missing: forecast periods up to `through` whose sales are not known, of the final forecasts.
        changed: sales that are not what an earlier tracking saw.
        late: sales that an earlier tracking missed, of periods that it had come to.
        overridden: by `unique_id` and `author`, the sums of overrides alone.
    """

    through: pd.Timestamp
    products: pd.DataFrame
    steps: pd.DataFrame
    origins: int
    missing: int
    changed: int
    late: int
    overridden: pd.DataFrame


def track(ledger: Ledger, panel: Panel, *, author: str, digest: str = "", progress: Progress | None = None) -> Tracked:
    """Hold every forecast of the ledger against the sales, and add what sold to the ledger.

    One cutoff after the other is read, so that memory does not grow with the ledger.

    Args:
        ledger: holds the forecasts.
        panel: the sales, as they are known now.
        author: who tracks.
        digest: of the sales.
        progress: called with how many cutoffs are done, and of how many.

    Raises:
        InputError: no forecast of the ledger is of these series and of periods that have come.
    """
    known, changed, late = remember(ledger, panel, author=author, digest=digest)
    through = panel.cutoff
    con = duckdb.connect()
    for name, value in (("memory_limit", MEMORY), ("threads", "2"), ("preserve_insertion_order", "false")):
        _run(con, f"set {name} = '{value}'")
    con.register("sold", known)
    _run(con, "create table actuals as select unique_id, cast(ds as timestamp) as ds, y from sold")
    con.unregister("sold")
    del known
    ranks = " ".join(f"when '{stage}' then {place}" for place, stage in enumerate(STAGES))
    _run(con, f"create table sums (stage varchar, unique_id varchar, author varchar, step bigint, {_doubles()})")
    missing = 0
    where = f"f.freq = '{panel.freq}' and f.ds <= '{through:%Y-%m-%d}'"
    origins = ledger.read(f"select distinct f.cutoff from skucast_forecasts as f where {where} order by 1")["cutoff"]
    for done, cutoff in enumerate(origins):
        rows = ledger.read(
            "select f.*, e.made, e.author from skucast_forecasts as f join skucast_entries as e on f.entry = e.entry "
            f"where f.cutoff = '{cutoff:%Y-%m-%d}' and {where}"
        )
        con.register("forecasts", rows)
        span = {"first": f"{rows['ds'].min():%Y-%m-%d}", "last": f"{rows['ds'].max():%Y-%m-%d}"}
        _run(con, f"insert into sums by name {HELD.format(ranks=ranks, final=FINAL, **span)}")
        missing += _run(con, UNKNOWN)
        con.unregister("forecasts")
        if progress:
            progress(done + 1, len(origins))
    listed = ", ".join(f"sum({name}) as {name}" for name in SUMS)
    products = con.execute(f"select stage, unique_id, {listed} from sums where step is null group by all").df()
    steps = con.execute(f"select stage, step, {listed} from sums where unique_id is null group by all").df()
    hands = con.execute(
        f"select unique_id, author, {listed} from sums where author is not null group by all order by 1, 2"
    ).df()
    con.close()
    if products.empty:
        raise InputError(f"{ledger.shown}: no forecast there of a period of these sales, up to {through:%Y-%m-%d}")
    return Tracked(through, products, steps, len(origins), missing, changed, late, hands)


def remember(ledger: Ledger, panel: Panel, *, author: str, digest: str) -> tuple[pd.DataFrame, int, int]:
    """Add sales of forecast periods to the ledger where they are new or not what they were.

    Returns:
        What is known of each `unique_id` and `ds`, how many values changed, and how many came late.
    """
    with ledger.open() as base:
        wanted = base.read("select distinct ds from skucast_forecasts")
        before = base.read(LAST_KNOWN)
    past = panel.past.loc[panel.past["y"].notna(), ["unique_id", "ds", "y"]]
    past = past[past["ds"].isin(pd.to_datetime(wanted["ds"]))]
    if before.empty:
        if len(past):
            ledger.write(Entry("actuals", author, data_digest=digest), past)
        return past, 0, 0
    last = before["ds"].max()
    before["ds"] = before["ds"].astype(past["ds"].dtype)
    both = past.merge(before, on=["unique_id", "ds"], how="outer", suffixes=("", "_before"))
    fresh, other = (
        both["y_before"].isna(),
        both["y"].notna() & both["y_before"].notna() & (both["y"] != both["y_before"]),
    )
    added = both.loc[fresh | other, ["unique_id", "ds", "y"]]
    if len(added):
        ledger.write(Entry("actuals", author, data_digest=digest), added)
    both["y"] = both["y"].fillna(both["y_before"])
    return both[["unique_id", "ds", "y"]], int(other.sum()), int((fresh & (both["ds"] <= last)).sum())


def figures(sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Scores of sums, added up by some columns.

    Args:
        sums: with the columns `SUMS`.
        by: columns, such as `stage` and a label.

    Returns:
        With `by` as index: `steps`, `sold`; in per cent of what sold, `wape` of the median, `bias` of the expected
        units (positive is forecast too high), `fva`: by how many points the WAPE is lower than that of the stage before
        on the same steps; `coverage`: per cent of the steps with a band that fell within 80 %, its ends included;
        `tracking_signal`: the sum of the errors of the expected units over their mean absolute error. NaN where there
        is nothing to divide by.

    Source: Gilliland (2010), "The Business Forecasting Deal", for FVA; Trigg (1964) for the tracking signal.
    """
    total = sums.groupby(by, sort=True, dropna=False)[list(SUMS)].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.DataFrame(
            {
                "steps": total["steps"].astype(int),
                "sold": total["sold"],
                "wape": _share(total["error"], total["sold"]),
                "bias": _share(total["signed"], total["sold"]),
                "coverage": _share(total["inside"], total["banded"]),
                "tracking_signal": _share(total["signed"] * total["steps"], total["absolute"]) / 100,
                "fva": _share(total["error_before"] - total["shared_error"], total["shared_sold"]),
            }
        )


def labelled(tracked: Tracked, labels: Mapping[str, str]) -> pd.DataFrame:
    """Sums of the products by stage and a label of each; a product without one is left out."""
    names = tracked.products["unique_id"].map(labels)
    return tracked.products.assign(label=names)[names.notna()]


def _share(part: "pd.Series[float]", whole: "pd.Series[float]") -> "pd.Series[float]":
    """Per cent; NaN of nothing."""
    return 100 * part / whole.where(whole > 0)


def _doubles() -> str:
    return ", ".join(f"{name} double" for name in SUMS)


def _run(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Run a statement to its end; what it counts, or 0."""
    found = con.execute(sql).fetchall()
    return int(found[0][0]) if found and isinstance(found[0][0], int) else 0
