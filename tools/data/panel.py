"""The Panel: sales of many series with their covariates, and the one cut that says what was known when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pandas as pd

from ..errors import InputError, nearest
from .freq import WEEKS, ByFreq, Freq, freq_of
from .schema import PanelSchema

SEASON_LENGTH = ByFreq({"D": 7, "W": 52, "M": 12})
PERIOD_NAME: dict[Freq, str] = {
    "D": "day",
    "W": "week",
    "2W": "two-week period",
    "4W": "four-week period",
    "M": "month",
}
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True, eq=False)
class Panel:
    """Validated sales of N series at one frequency.

    Attributes:
        past: long table `unique_id, ds, y` (units per period, NaN = not known) with the known-future and past-only
            covariates, sorted by (unique_id, ds), one row a period without gaps from a series' first to last period.
        future: long table `unique_id, ds` with the known-future covariates of periods after each series' past. No y.
        static: one row a series, indexed by unique_id. Columns that the schema does not declare only make groups.
        schema: the declared roles of the columns.
        offset: the pandas offset of `ds`: `D`, `W-SUN` … `W-SAT`, the same with 2W- or 4W- (every second or fourth
            week), `MS` or `ME`.
    """

    past: pd.DataFrame
    future: pd.DataFrame
    static: pd.DataFrame
    schema: PanelSchema
    offset: str

    @property
    def freq(self) -> Freq:
        """`D`, `W`, `2W`, `4W` or `M`."""
        return freq_of(self.offset)

    @property
    def season_length(self) -> int:
        """Periods in the main season: 7 days, 52 weeks, 26 of two, 13 of four weeks, 12 months."""
        return SEASON_LENGTH[self.freq]

    @cached_property
    def cutoff(self) -> pd.Timestamp:
        """The last period of the past over all series."""
        return pd.Timestamp(self.past["ds"].max())

    @cached_property
    def unique_ids(self) -> list[str]:
        """The series, in the order of the table."""
        return list(self.past["unique_id"].unique())

    @cached_property
    def _past_rows(self) -> dict[str, pd.DataFrame]:
        return {str(uid): rows for uid, rows in self.past.groupby("unique_id", sort=False)}

    @cached_property
    def _cutoffs(self) -> dict[str, pd.Timestamp]:
        last = self.past.drop_duplicates("unique_id", keep="last")
        return {str(uid): pd.Timestamp(ds) for uid, ds in zip(last["unique_id"], last["ds"], strict=True)}

    @cached_property
    def _future_rows(self) -> dict[str, pd.DataFrame]:
        return {str(uid): rows for uid, rows in self.future.groupby("unique_id", sort=False)}

    def before(self, cutoff: pd.Timestamp | str) -> "Panel":
        """What was known at the end of the period `cutoff`: the only cut there is.

        Target and past-only covariates after the cutoff are gone. Known-future covariates after it stay, as `future`.
        A series with no period up to the cutoff is gone with its future and its static row. A date inside a month that
        is labelled by its first day does not let that month in: it was not over.

        Raises:
            InputError: no series has a period up to the cutoff.
        """
        at = pd.Timestamp(cutoff)
        if self.offset == "MS" and not at.is_month_start:
            at = (at + pd.Timedelta(days=1)).to_period("M").start_time - pd.DateOffset(months=1)
        keep = self.past["ds"] <= at
        past = self.past[keep]
        if past.empty:
            first = self.past["ds"].min()
            raise InputError(f"cutoff {at:%Y-%m-%d}: no series has sales by then; the first period is {first:%Y-%m-%d}")
        ids = past["unique_id"].unique()
        plan = ["unique_id", "ds", *self.schema.known_future]
        future = pd.concat([self.past.loc[~keep, plan], self.future[plan]], ignore_index=True)
        future = future[future["unique_id"].isin(ids)].sort_values(["unique_id", "ds"], kind="stable")
        return replace(
            self,
            past=past.reset_index(drop=True),
            future=future.reset_index(drop=True),
            static=self.static[self.static.index.isin(ids)],
        )

    def select(self, unique_ids: Iterable[str]) -> "Panel":
        """The panel of these series only.

        Raises:
            InputError: a series is not in the panel; the message names the nearest ones.
        """
        ids = list(dict.fromkeys(str(uid) for uid in unique_ids))
        known = set(self.unique_ids)
        for uid in ids:
            if uid not in known:
                raise InputError(f"unknown SKU {uid!r}: {nearest(uid, self.unique_ids)}")
        return replace(
            self,
            past=self.past[self.past["unique_id"].isin(ids)].reset_index(drop=True),
            future=self.future[self.future["unique_id"].isin(ids)].reset_index(drop=True),
            static=self.static[self.static.index.isin(ids)],
        )

    @staticmethod
    def concat(panels: "Iterable[Panel]") -> "Panel":
        """One panel of several with the same schema and offset and no series in common."""
        parts = list(panels)
        return replace(
            parts[0],
            past=pd.concat([part.past for part in parts], ignore_index=True),
            future=pd.concat([part.future for part in parts], ignore_index=True),
            static=pd.concat([part.static for part in parts]),
        )

    def past_of(self, unique_id: str) -> pd.DataFrame:
        """The past rows of one series, oldest first."""
        return self._past_rows[unique_id]

    def cutoff_of(self, unique_id: str) -> pd.Timestamp:
        """The last period of one series' past, which may lie before the panel's."""
        return self._cutoffs[unique_id]

    def steps_of(self, unique_id: str, horizon: int) -> pd.DatetimeIndex:
        """The next `horizon` periods of one series."""
        return _steps(self._cutoffs[unique_id], horizon, self.offset)

    def horizon_of(self, unique_id: str, horizon: int) -> pd.DataFrame:
        """The next `horizon` periods of one series: `ds` and the known-future covariates (NaN where not planned)."""
        steps = pd.DataFrame({"ds": self.steps_of(unique_id, horizon)})
        if not self.schema.known_future:
            return steps
        plan = self._future_rows.get(unique_id)
        if plan is None:
            return steps.reindex(columns=["ds", *self.schema.known_future])
        return steps.merge(plan.drop(columns="unique_id"), on="ds", how="left")

    def best_sellers(self, count: int) -> list[str]:
        """The series that sold most units over the last year of each, most first."""
        rows = self.past.groupby("unique_id", sort=False).tail(ByFreq({"D": 365, "W": 52, "M": 12})[self.freq])
        return [str(uid) for uid in rows.groupby("unique_id")["y"].sum().nlargest(count).index]

    def sold_after(self, unique_id: str, cutoff: pd.Timestamp, horizon: int) -> pd.DataFrame | None:
        """The past rows of one series in the horizon after an earlier cutoff; None where not all of it is known."""
        after = self.past_of(unique_id)
        rows = after[after["ds"] > cutoff].head(horizon)
        return rows if len(rows) == horizon and rows["y"].notna().all() else None

    def static_of(self, unique_id: str) -> dict[str, str]:
        """The static covariates of one series as text, those that are not given left out."""
        return self._static_rows.get(unique_id, {})

    @cached_property
    def described(self) -> pd.DataFrame:
        """The static columns that the schema declares: what forecasts and names may see of `static`."""
        return self.static[[name for name in self.static if name in self.schema.static]]

    @cached_property
    def _static_rows(self) -> dict[str, dict[str, str]]:
        names, cells = list(map(str, self.described)), self.described.astype(object).to_numpy()
        return {
            str(uid): {
                name: str(one) for name, one in zip(names, row, strict=True) if pd.notna(one) and str(one).strip()
            }
            for uid, row in zip(self.static.index, cells, strict=True)
        }


@lru_cache(maxsize=1024)
def _steps(cutoff: pd.Timestamp, horizon: int, offset: str) -> pd.DatetimeIndex:
    return pd.date_range(cutoff, periods=horizon + 1, freq=offset)[1:]


@dataclass(frozen=True)
class Grid:
    """The calendar of a panel: periods as whole numbers and back, in SQL.

    Attributes:
        offset: `D`, `W-SUN` … `W-SAT`, `2W-SUN`, `4W-SUN`, `MS` or `ME`.
        shift: of two or four weeks, the weeks from the first week of 1970 to a date of the calendar, below 2 or 4. Of
            months of a retail calendar, which end some days beside a month's end, the days to go back into the month.
    """

    offset: str
    shift: int = 0

    @property
    def freq(self) -> Freq:
        """`D`, `W`, `2W`, `4W` or `M`."""
        return freq_of(self.offset)

    @property
    def _anchor(self) -> str:
        day = 5 + WEEKDAYS.index(self.offset[-3:]) + 7 * self.shift if self.freq in WEEKS else 1  # 1970-01-05: a Monday
        return f"(date '1970-01-01' + {day - 1})"

    @property
    def _days(self) -> int:
        return 7 * WEEKS.get(self.freq, 0) or 1

    def number(self, ds: str) -> str:
        """SQL: the whole number of the period that the date `ds` lies in."""
        if self.freq == "M":
            ds = f"({ds} - {self.shift})" if self.shift else ds
            return f"(year({ds}) * 12 + month({ds}) - 1)"
        days = f"({ds} - {self._anchor})"
        return f"{days}::bigint" if self.freq == "D" else f"floor({days} / {self._days}.0)::bigint"

    def label(self, number: str) -> str:
        """SQL: the date of a period."""
        if self.freq == "M":
            first = f"make_date({number} // 12, {number} % 12 + 1, 1)"
            return f"last_day({first})" if self.offset == "ME" else first
        return f"({self._anchor} + ({number} * {self._days})::int)"

    def off(self, ds: str) -> str:
        """SQL: whether a date is none of the calendar's. Any date lies in a month of a retail calendar."""
        return "false" if self.retail else f"{ds} <> {self.label(self.number(ds))}"

    @property
    def retail(self) -> bool:
        """Whether it has months of four and five weeks, shown as months that end on their last day."""
        return self.freq == "M" and self.shift > 0

    @property
    def one_row_each(self) -> str:
        """SQL: what of a row may come once in a series: its date, or the month of a retail calendar that it lies in."""
        return "_p" if self.retail else "ds"
