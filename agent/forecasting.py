"""The command that forecasts, over the workbench: products, groups, or a whole catalogue to a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..tools.console import err
from ..tools.errors import InputError
from ..tools.options import (
    Data,
    DateFormat,
    Decimal,
    Demo,
    Duplicates,
    Freq,
    Overwrite,
    SchemaFile,
    Seed,
    Sql,
    Sum,
    Thousands,
    declared,
)
from .engines import DEFAULT_ENGINE
from .options import (
    As,
    AtMost,
    Certainty,
    Country,
    EngineSpec,
    Explain,
    Lang,
    LedgerAt,
    Notes,
    Publish,
    Quick,
    ReadBy,
    RolesFile,
    Samples,
    Shots,
    SignalsMode,
    SlotModel,
    Trust,
)

if TYPE_CHECKING:
    import pandas as pd

    from ..tools.data.read import Source
    from .batch.budget import Budget
    from .faces.signals import Wanted
    from .forecast.report import ForecastReport
    from .workbench import Workbench

LOADING = "loading the models"

app = typer.Typer()


@app.command()
def forecast(
    data: Data = None,
    demo: Demo = False,
    sku: Annotated[list[str] | None, typer.Option(help="a series; give it again for more")] = None,
    all_: Annotated[bool, typer.Option("--all", help="the whole catalogue, to --out")] = False,
    top: Annotated[int, typer.Option(min=1, help="without --sku: so many best sellers; with --by: biggest groups")] = 3,
    by: Annotated[
        str | None, typer.Option(help="totals of groups instead: by a static column (category, store, …), or all")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="with --all: only the first so many series")] = None,
    horizon: Annotated[
        str | None, typer.Option("--horizon", "-h", help="4w, 28d, 1m or a count of periods; default 28d, 4w or 3m")
    ] = None,
    cutoff: Annotated[str | None, typer.Option(help="forecast as of this date, and show what came true")] = None,
    json: Annotated[bool, typer.Option("--json", help="reports as JSON, one a line, and nothing else")] = False,
    plot: Annotated[Path | None, typer.Option(help="a chart to .png, .svg or .html")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="reports to a JSONL file, resumable")] = None,
    to: Annotated[
        str | None,
        typer.Option(help="with --out: then also to .parquet, .csv, .xlsx or postgresql://…::TABLE, see export"),
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="with --out: 30m or 20mtok; once spent, what sells least gets no LLM")
    ] = None,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="with --out: on the Ray cluster of RAY_ADDRESS, else one on this machine")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="with --cluster: at most so many; default: one a CPU, or a GPU it has")
    ] = None,
    quick: Quick = False,
    notes: Notes = None,
    signals: SignalsMode = None,
    reader: ReadBy = "rules",
    trust: Trust = None,
    certainty: Certainty = 0.8,
    at_most: AtMost = 5.0,
    country: Country = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    model: SlotModel = "default",
    explain: Explain = None,
    samples: Samples = 5,
    shots: Shots = 1,
    seed: Seed = 0,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    sum_: Sum = False,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    duplicates: Duplicates = None,
    freq: Freq = "W",
    overwrite: Overwrite = False,
    publish: Publish = False,
    ledger: LedgerAt = None,
    as_: As = None,
    roles: RolesFile = None,
) -> None:
    """Forecast products: a table with bands, drivers and an explanation; or --json; or --all to a file."""
    from ..prompts.messages.say import ENGLISH, check_language
    from ..tools.data.horizon import parse_cutoff
    from ..tools.files import check_writable
    from .batch.budget import parse_budget
    from .faces.assumed import tell
    from .faces.outputs import check_outputs
    from .faces.progress import share_bar
    from .faces.signals import wanted
    from .workbench import Workbench

    if check_language(lang) != ENGLISH and explain == "llm":
        raise InputError(f"--explain llm: the LLM writes English; it does not go with --lang {lang}")
    if by is not None:
        given_with = (("--sku", sku), ("--limit", limit), ("--to", to), ("--budget", budget), ("--publish", publish))
        for name, given in given_with:
            if given:
                raise InputError(f"--by adds up every series; it does not go with {name}")
        if cluster or explain == "llm":
            raise InputError(f"--by does not go with {'--cluster' if cluster else '--explain llm'}")
    if all_ and out_file is None and by is None:
        raise InputError("--all needs a file to write: --out forecasts.jsonl")
    if all_ and sku:
        raise InputError("either --all or --sku, not both")
    if out_file is not None and (plot or json):
        raise InputError("--out writes the reports to a file; it does not go with --plot or --json")
    if out_file is None and (budget or to):
        raise InputError(f"{'--budget' if budget else '--to'} goes with --out")
    if cluster and out_file is None:
        raise InputError("--cluster goes with --out")
    if workers and not cluster:
        raise InputError("--workers goes with --cluster")
    no = "--cluster" if cluster else "--by" if by is not None else ""
    asked = wanted(notes, signals, reader, trust, certainty, at_most, nobody=out_file is not None, without=no)
    limits = parse_budget(budget) if budget else None
    if plot is not None:
        from .faces.plots import check_suffix

        check_writable(check_suffix(plot), f"plot {plot}", folder_too=False)
    if out_file is not None:
        check_writable(out_file)
    if to is not None:
        from .batch.export import check_target

        check_target(to, overwrite=overwrite)

    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, engine, model,
        explain=explain, samples=samples, shots=shots, seed=seed, lang=lang,
        declared=declared(sum_, decimal, thousands, date_format, duplicates),
    )  # fmt: skip
    keep = None
    if publish:
        from .faces.records import records

        keep = records(ledger, bench.place, as_, roles).allowed("publish")
    elif ledger or roles:
        raise InputError(f"{'--ledger' if ledger else '--roles'} goes with --publish")
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    check_outputs(source, plot, out_file, to, overwrite=overwrite, whole=by is not None)
    at = parse_cutoff(cutoff) if cutoff is not None else None
    if by is not None:
        from .grouped import show_groups

        show_groups(bench, source, by, top, horizon, at, json=json, plot=plot, path=out_file)
        return
    if out_file is None:
        reports = _show(bench, source, sku, top, horizon, at, asked, json=json, plot=plot)
        if keep is not None:
            keep.publish_and_say(reports, cutoff, lang)
        return
    if all_:
        ids = (source.by_value(at) if budget else source.unique_ids())[:limit]
    else:
        ids = list(sku) if sku else source.panel().best_sellers(top)
    _write(
        bench, source, ids, horizon, at, out_file, limits, asked, cluster=cluster, workers=workers, overwrite=overwrite
    )
    if keep is not None:
        from .batch.publish import reports_of

        keep.publish_and_say(reports_of(out_file), cutoff, lang)
    if to:
        from .faces.commands import export

        export(out_file, to, overwrite)


@app.command()
def demo(lang: Lang = "en") -> None:
    """Show the main job on three products of a real grocery chain. What it needs is fetched once."""
    from ..tools.data.demo import pull_tables
    from .models.store import pull

    with err.status("looking for the demo data and the model") as status:
        pull_tables(status.update)
        pull(status.update)
    forecast(demo=True, top=3, horizon="4w", cutoff="2017-12-03", lang=lang)


def _show(
    bench: "Workbench",
    source: "Source",
    sku: list[str] | None,
    top: int,
    horizon: str | None,
    at: "pd.Timestamp | None",
    asked: "Wanted | None",
    *,
    json: bool,
    plot: Path | None,
) -> "list[ForecastReport]":
    """Forecast some series for the screen, for a pipe, or for a chart."""
    from ..tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from .faces.assumed import say_late
    from .faces.outputs import draw, print_reports
    from .faces.progress import stage_bars
    from .forecast.kept import kept_or_made

    whole = source.panel()
    say_late(at, source, whole.offset, bench.lang)
    panel = whole.before(at) if at is not None else whole
    ids = list(dict.fromkeys(sku)) if sku else panel.best_sellers(top)
    panel.select(ids)  # an unknown SKU is refused before the model is loaded
    periods = parse_horizon(horizon or DEFAULT_HORIZON[panel.freq], panel)
    book = None if asked is None else bench.book(asked, panel)

    def make() -> list["ForecastReport"]:
        with err.status(LOADING):
            maker = bench.forecaster(panel)
        with stage_bars(err) as progress:
            named = {"source": source.name, "source_digest": source.digest}
            return maker.forecast(panel, ids, periods, **named, progress=progress)

    weights = bench.weights()
    reports = make() if weights is None else kept_or_made(bench.settings(source), weights, panel, ids, periods, make)
    if asked is not None and book is not None:
        from .faces.signals import follow

        reports = follow(asked, book, reports, bench.seed, bench.lang)
    actual = {uid: whole.sold_after(uid, at, periods) if at is not None else None for uid in ids}
    print_reports(reports, actual, bench.lang, json=json)
    if plot is not None:
        draw(reports, {uid: panel.past_of(uid) for uid in ids}, actual, plot)
    return reports


def _write(
    bench: "Workbench",
    source: "Source",
    ids: list[str],
    horizon: str | None,
    at: "pd.Timestamp | None",
    path: Path,
    budget: "Budget | None",
    asked: "Wanted | None",
    *,
    cluster: bool,
    workers: int | None,
    overwrite: bool,
) -> None:
    """Forecast series to a file, here or on a cluster."""
    from ..tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from .batch.run import run_batch
    from .faces.assumed import say_late
    from .faces.progress import batch_bar

    first = bench.witnesses(source, ids, at)
    say_late(at, source, first.offset, bench.lang)
    periods = parse_horizon(horizon or DEFAULT_HORIZON[first.freq], first)
    with err.status(LOADING):
        maker = bench.forecaster(
            first,
            explain="template",
            read=lambda some: source.salvage(some)[0],
            catalogue=ids,
            blocks=not cluster,
            start=not cluster,
        )
    if asked is not None:
        known = source.panel() if at is None else source.panel().before(at)
        maker.after = bench.follows(bench.book(asked, known))
    work = bench.cluster(maker, ids, periods, at, workers) if cluster else None
    with batch_bar(err, len(ids)) as (on_line, progress):
        result = run_batch(
            maker, source, ids, periods, path,
            cutoff=at, progress=progress, on_line=on_line, budget=budget, work=work, overwrite=overwrite,
        )  # fmt: skip
    parts = [f"{result.forecast:,} forecast", f"{result.failed:,} failed", f"{result.resumed:,} stood already"]
    parts += [f"{result.degraded:,} without the LLM, the budget spent"] if result.degraded else []
    err.print(f"{path}: {', '.join(parts)}", highlight=False, soft_wrap=True)
