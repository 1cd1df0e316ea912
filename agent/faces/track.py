"""What tracking found for people and programs: stages, groups and overrides as tables, JSON and files to hand on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.data.groups import ALL, column_named
from ...tools.data.panel import Panel
from ...tools.forecast.abc_xyz import abc_xyz
from ...tools.insight.answer import Table, columns
from ...tools.messages import Change, Count, Exact, Fact, Message, Percent, Score, Units, message
from ...tools.monitor.ledger import STAGES
from ...tools.monitor.track import FINAL, Tracked, figures, labelled
from .record_file import RecordFile
from .tables import drawn

ORDER = (*STAGES, FINAL)
COLUMNS = ("by", "label", "stage", "steps", "sold", "wape", "bias", "coverage", "tracking_signal", "fva")
FILE = RecordFile("What was forecast against what sold.", COLUMNS, ("label",), "scores")
NARROW, NARROW_GROUPS = (0, 2, 3, 4, 5, 6), (3, 4, 5, 6, 7)  # columns that a narrow screen shows
SHOWN = 20  # rows of a table in the terminal
OWN = ("product", "abc_xyz", "step")  # that scores can be told by, beside columns of the data
UNKNOWN = message("not-known")


def scores(tracked: Tracked, panel: Panel, by: list[str]) -> pd.DataFrame:
    """Scores of every stage, together and by each of some groupings, one row each with the columns `COLUMNS`.

    Args:
        tracked: what was found.
        panel: the sales: its columns and ABC-XYZ cells.
        by: `product`, `abc_xyz`, `step`, or a static column.

    Raises:
        InputError: there is no such column.
    """
    parts = [_flat(figures(tracked.products, ["stage"]), "all", "")]
    for name in by:
        if name == "step":
            parts.append(_flat(figures(tracked.steps.rename(columns={"step": "label"}), ["label", "stage"]), name))
        else:
            parts.append(_flat(figures(labelled(tracked, _labels(panel, name)), ["label", "stage"]), name))
    made = pd.concat(parts, ignore_index=True)
    made["label"] = made["label"].astype(str)
    return made


def told(tracked: Tracked) -> list[Message]:
    """What the scores rest on, and what the overrides did: the worst first, kindly and plainly."""
    facts: dict[str, Fact] = {"origins": Count(tracked.origins), "through": tracked.through.date()}
    said = [message("track-basis", **facts)]
    counted = {name: getattr(tracked, name) for name in ("missing", "changed", "late")}
    return said + [message(f"track-{name}", count=Count(count)) for name, count in counted.items() if count]


def hands(tracked: Tracked) -> list[Message]:
    """What overrides did to each product's forecast: those that cost most accuracy first."""
    rows = tracked.overridden
    gain = rows["error_before"] - rows["shared_error"]
    said = []
    for place in gain.sort_values(kind="stable").index:
        row, better = rows.loc[place], float(gain[place])
        way = "worse" if better < 0 else "better" if better > 0 else "same"
        before, after = row["error_before"] / row["steps"], row["error"] / row["steps"]
        said.append(
            message(
                f"track-override-{way}", product=str(row["unique_id"]), who=str(row["author"]),
                count=Count(int(row["steps"])), own=Units(after), forecast=Units(before), units=Units(abs(better)),
            )
        )  # fmt: skip
    if len(said) > 1:
        total, steps = float(gain.sum()), int(rows["steps"].sum())
        way = "worse" if total < 0 else "better" if total > 0 else "same"
        said.append(message("track-overrides", count=Count(steps), way=way, units=Units(abs(total))))
    return said


def record(tracked: Tracked, table: pd.DataFrame, lang: str = ENGLISH) -> dict[str, Any]:
    """All of it for programs: figures in per cent, null where not known."""
    return {
        "through": f"{tracked.through:%Y-%m-%d}",
        "origins": tracked.origins,
        "missing": tracked.missing,
        "changed": tracked.changed,
        "late": tracked.late,
        "scores": rows_of(table),
        "overrides": [say(one, lang) for one in hands(tracked)],
        "assumptions": [say(one, lang) for one in told(tracked)],
    }


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, rounded to four decimals."""
    return [{name: _plain(row[name]) for name in COLUMNS} for row in table.to_dict("records")]


def show(tracked: Tracked, table: pd.DataFrame, console: Console, lang: str = ENGLISH) -> None:
    """The stages, then the final forecast by each grouping with what sells most first, then the overrides."""
    console.print(drawn(_stages(table[table["by"] == "all"]), lang, console.width))
    for name in [one for one in table["by"].unique() if one != "all"]:
        some = table[(table["by"] == name) & (table["stage"] == FINAL)]
        if name != "step":
            some = some.sort_values("sold", ascending=False, kind="stable")
        console.print(drawn(_groups(name, some[:SHOWN]), lang, console.width))
        if len(some) > SHOWN:
            console.print(Text(say(message("track-more", count=Count(len(some) - SHOWN)), lang), style="dim"))
    found = hands(tracked)
    for one in [*found[:SHOWN], *found[-1:]] if len(found) > SHOWN + 1 else found:
        console.print(Text(say(one, lang)))


def _stages(table: pd.DataFrame) -> Table:
    names = ("stage", "steps", "wape", "bias", "coverage-80", "tracking-signal", "fva")
    rows = tuple((message("track-stage", stage=row["stage"]), *_cells(row)) for _, row in table.iterrows())
    return Table(message("track-table"), columns(*names), rows, NARROW)


def _groups(by: str, table: pd.DataFrame) -> Table:
    names = ("sold", "steps", "wape", "bias", "coverage-80", "tracking-signal", "fva-naive")
    rows = tuple((row["label"], Units(row["sold"]), *_cells(row)) for _, row in table.iterrows())
    return Table(
        message("track-by", by=by), (message("track-label", by=by), *columns(*names)), rows, (0, 1, *NARROW_GROUPS)
    )


def _cells(row: "pd.Series[Any]") -> tuple[Fact, ...]:
    found: list[tuple[str, type[float]]] = [
        *(("wape", Exact), ("bias", Change), ("coverage", Percent), ("tracking_signal", Score), ("fva", Exact))
    ]
    return (Count(int(row["steps"])), *(_known(row[name], kind) for name, kind in found))


def _known(value: float, kind: type[float]) -> Fact:
    return UNKNOWN if pd.isna(value) else kind(round(float(value), 1))


def _labels(panel: Panel, by: str) -> Mapping[str, str]:
    if by == "product":
        return {uid: uid for uid in panel.unique_ids}
    if by == "abc_xyz":
        return abc_xyz(panel)
    column = column_named(panel, by, OWN)
    if column == ALL:
        return dict.fromkeys(panel.unique_ids, ALL)
    return {str(uid): str(value) for uid, value in panel.static[column].dropna().items()}


def _flat(found: pd.DataFrame, by: str, label: str | None = None) -> pd.DataFrame:
    """Scores with their index as columns, in the order of the stages."""
    made = found.reset_index()
    made["place"] = made["stage"].map(ORDER.index)
    made = made.assign(by=by, **({} if label is None else {"label": label}))
    return made.sort_values(["label", "place"], kind="stable").reset_index(drop=True)[list(COLUMNS)]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if pd.isna(value) else round(value, 4)
    return int(value) if hasattr(value, "item") and not isinstance(value, str) else value
