"""Totals of groups, over the workbench: for the screen, for a pipe, to a file, or for a chart."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..tools.console import err, out

if TYPE_CHECKING:
    import pandas as pd

    from ..tools.data.read import Source
    from .workbench import Workbench

LOADING = "loading the models"


def show_groups(
    bench: "Workbench",
    source: "Source",
    by: str,
    top: int,
    horizon: str | None,
    at: "pd.Timestamp | None",
    *,
    json: bool,
    plot: Path | None,
    path: Path | None,
) -> None:
    """Forecast the totals of groups: for the screen, for a pipe, to a file, or for a chart."""
    from ..prompts.messages.say import say
    from ..tools.data.groups import ALL, Group, column_named, groups_of, total
    from ..tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from ..tools.insight.answer import group_name
    from ..tools.messages import message
    from .faces.assumed import say_late
    from .faces.outputs import draw, print_reports
    from .faces.progress import stage_bars
    from .forecast.groups import GroupForecaster, ended, forecast_parts, own_total

    whole = source.panel()
    say_late(at, source, whole.offset, bench.lang)
    panel = whole.before(at) if at is not None else whole
    groups = groups_of(panel, column_named(panel, by))
    periods = parse_horizon(horizon or DEFAULT_HORIZON[panel.freq], panel)
    with err.status(LOADING):
        maker = bench.forecaster(panel, explain="template")
    with stage_bars(err) as progress:
        parts = forecast_parts(maker, panel, panel.unique_ids, periods, progress)
    own = own_total(maker, panel, parts, periods)
    made = GroupForecaster(panel, periods, parts, own, source.name, source.digest, bench.seed, bench.lang)
    reports = made.reports(groups)
    for group in ended(panel, groups):
        late = say(message("group-ended", group=group_name(group)), bench.lang)
        err.print(late, style="yellow", highlight=False, soft_wrap=True)
    if path is not None:
        from ..tools.files import write_whole

        write_whole(path, "".join(report.model_dump_json() + "\n" for report in reports))
        err.print(f"{path}: {len(reports):,} groups of {len(parts):,} series", highlight=False, soft_wrap=True)
        return
    sums = {group.unique_id: total(whole, ids, group) for group, ids in groups.items()}
    actual = {uid: one.sold_after(uid, at, periods) if at is not None else None for uid, one in sums.items()}
    print_reports(reports if json else reports[:top], actual, bench.lang, json=json)
    column = next(iter(groups)).column
    if column != ALL and not json:
        from .faces.show import overview

        out.print(overview([*reports, *made.reports({Group(): panel.unique_ids})], column, bench.lang))
    if plot is not None:
        known = {uid: one.past if at is None else one.past[one.past["ds"] <= panel.cutoff] for uid, one in sums.items()}
        draw(reports[:top], known, actual, plot)
