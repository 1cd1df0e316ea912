"""The commands of decisions, over the workbench: what to do about the forecast. They propose, and send nothing."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..tools.console import err, out
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
from .customers import app as customers
from .options import Country, Lang, PolicyFile, Quick, StockFile
from .pricing import app as pricing
from .recommending import app as recommending

if TYPE_CHECKING:
    from ..tools.data.panel import Panel
    from ..tools.data.read import Source
    from ..tools.data.stock import Stock
    from ..tools.decide.policy import Policy
    from ..tools.messages import Message
    from .forecast.forecaster import Forecaster
    from .workbench import Workbench

app = typer.Typer()
app.add_typer(pricing)
app.add_typer(customers, name="customers")
app.add_typer(recommending)


@app.command()
def orders(
    data: Data = None,
    stock: StockFile = None,
    demo: Demo = False,
    policy: PolicyFile = None,
    service: Annotated[float | None, typer.Option(help="cycle service level in per cent; default 95")] = None,
    lead: Annotated[
        str | None, typer.Option(help="lead time where the stock file has none: 2w, 10d or periods; default 2w, 7d, 1m")
    ] = None,
    late: Annotated[
        str | None,
        typer.Option(help="what if suppliers are so late with what is on order and with new orders: 1w"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="a line a product as JSON, with its evidence")] = False,
    out_file: Annotated[Path | None, typer.Option("--out", help="the lines to a .csv, .xlsx or .json file")] = None,
    quick: Quick = False,
    country: Country = None,
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
    deliveries: Annotated[
        str | None, typer.Option(help="past deliveries: lead times of suppliers, where the stock file has none")
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="play the past again: our orders against three rules; --out a .html page")
    ] = False,
    periods: Annotated[int, typer.Option(min=2, help="with --replay: the last so many periods")] = 26,
    origins: Annotated[int, typer.Option(min=1, help="with --replay: forecasts of each product, at most")] = 13,
) -> None:
    """Say what to order now, what runs out, what is over-stocked or dead. An order is a proposal: nothing is sent."""
    from pandas import date_range

    from ..prompts.messages.say import check_language
    from ..tools.data.files import split
    from ..tools.data.freq import span_of
    from ..tools.data.stock import read_stock
    from ..tools.decide.lines import LONGEST, checked, reach, totals
    from ..tools.decide.policy import Policy, read_policy, with_fields
    from ..tools.decide.scenarios import Outcome, Scenario
    from ..tools.decide.telling import assumption_messages, late_message, service_message
    from ..tools.files import reading
    from ..tools.forecast.lost_sales import tells_parts
    from .batch.orders import order_lines
    from .faces.assumed import tell
    from .faces.orders import check_out, print_lines, show_lines, write_lines
    from .faces.progress import batch_bar, share_bar
    from .faces.replay import check_page
    from .workbench import Workbench

    check_language(lang)
    if stock is None:
        raise InputError("no stock: name a file with what is on hand, --stock stock.csv")
    if replay and late is not None:
        raise InputError("--replay plays deliveries as they are agreed: leave out --late")
    planned = read_policy(policy) if policy else Policy()
    wanted = with_fields(planned, service=service)
    beside = reading(split(stock)[0])
    check = check_page if replay else check_out
    if out_file is not None:
        check(out_file, overwrite=overwrite, reads=beside)
    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, "none", "none", seed=seed, lang=lang,
        declared=declared(sum_, decimal, thousands, date_format, duplicates),
    )  # fmt: skip
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    if out_file is not None:
        check(out_file, overwrite=overwrite, reads=lambda path: source.reads(path) or beside(path))
    ids = source.unique_ids()
    first = bench.witnesses(source, ids)
    leads = None if lead is None else _periods("--lead", "lead time", lead, first)
    delay = 0 if late is None else _periods("--late", "delay", late, first)
    planned, wanted = (checked(with_fields(one, lead_time=leads), first.freq, delay) for one in (planned, wanted))
    last = span_of(source.last_sale(), first.freq).last
    limits = reach(wanted, first.freq, delay)
    held = read_stock(stock, ids, last, first.freq, schema=source.schema, **limits)
    tell(held.findings, lang)
    if deliveries is not None:
        end = source.last_period()
        start = date_range(end=end, periods=periods + 1, freq=first.offset)[0] if replay else end
        until = span_of(start, first.freq).last if replay else None  # a replay knows no later ones
        wanted, said_of = _with_suppliers(wanted, deliveries, held, first, LONGEST[first.freq] - delay, until)
        leads_of = {name: one.model_dump() for name, one in wanted.lead_time_by_supplier.items()}
        planned = with_fields(planned, lead_time_by_supplier=leads_of)
        tell(said_of, lang)
    with err.status("reading the sales"):
        maker = bench.forecaster(
            first, explain="template", read=lambda some: source.salvage(some)[0], catalogue=ids, start=False
        )
    if replay:
        _replayed(maker, source, held, wanted, periods, origins, bench, json, out_file)
        return
    asked = [Scenario(wanted, delay)]
    asked += [Scenario(wanted)] * bool(delay) + [Scenario(planned, delay)] * (wanted != planned)
    with batch_bar(err, len(held.rows)) as (on_line, stage):
        made = order_lines(maker, source, held, asked, progress=stage, on_line=lambda: on_line(""))
    lines = made.lines[0]
    outcome = [Outcome.of(some) for some in made.lines]
    beside_it = [late_message(delay, first.freq, outcome[0], outcome[1])] if delay else []
    beside_it += [service_message(wanted, outcome[0], outcome[-1])] if wanted != planned else []
    said = assumption_messages(lines, wanted, first.freq, quick=quick, recovered=tells_parts(first))
    total = totals(lines)
    tell([*made.said, *said], lang)
    if json:
        tell(beside_it, lang)
        print_lines(lines, first.freq, lang)
    else:
        show_lines(lines, first.freq, total, out, lang, beside_it)
    if out_file is not None:
        notes = {**held.notes, **{uid: (why,) for uid, why in made.unusable.items()}}
        told = [*held.findings, *made.said, *said, *beside_it]
        write_lines(out_file, lines, first.freq, total, told, notes, lang)
        err.print(f"{out_file}: {len(lines):,} lines", highlight=False, soft_wrap=True)


def _replayed(
    maker: "Forecaster",
    source: "Source",
    held: "Stock",
    policy: "Policy",
    periods: int,
    origins: int,
    bench: "Workbench",
    json: bool,
    out_file: Path | None,
) -> None:
    """The past of these products played again: a table, JSON, a page."""
    from json import dumps

    from .batch.replay import every_of, pasts_of, replay_past
    from .faces.assumed import tell
    from .faces.progress import batch_bar
    from .faces.replay import record, show, told, write_page

    if policy.unmet == "backorders":
        raise InputError("--replay plays lost sales: what would have waited is not in the record of sales; "
                         'leave out unmet = "backorders"')  # fmt: skip
    pasts, left_out = pasts_of(source, held, policy, periods, seed=bench.seed)
    every = every_of(pasts, origins)
    with batch_bar(err, sum(len(range(0, past.decisions, every)) for past in pasts)) as (on_line, stage):
        made = replay_past(
            maker, pasts, policy, every, left_out=left_out, settings=bench.settings(source),
            progress=stage, on_origin=lambda: on_line(""),
        )  # fmt: skip
    freq, lang = pasts[0].panel.freq, bench.lang
    said = told(made, policy, freq, quick=bench.quick)
    tell(said, lang)
    if json:
        print(dumps(record(made, said, lang), ensure_ascii=False))
    else:
        show(made, out, lang)
    if out_file is not None:
        write_page(out_file, made, said, lang)
        err.print(str(out_file), highlight=False, soft_wrap=True)


@app.command()
def suppliers(
    deliveries: Annotated[str, typer.Argument(help="CSV, Excel, Parquet, DuckDB or postgresql://…::TABLE: supplier, ordered, delivered, promised")],  # noqa: E501
    sql: Sql = None,
    date_format: DateFormat = None,
    json: Annotated[bool, typer.Option("--json", help="a supplier a line as JSON")] = False,
    out_file: Annotated[Path | None, typer.Option("--out", help="to a .csv, .xlsx or .json file")] = None,
    lang: Lang = "en",
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    """Say how suppliers deliver: on time, lead times, drift, from past orders and deliveries."""
    from json import dumps

    from ..prompts.messages.say import check_language, say
    from ..tools.data.deliveries import read_deliveries
    from ..tools.data.files import split
    from ..tools.decide.lead_times import deliveries as cleaned
    from ..tools.decide.lead_times import last_day, scorecard
    from ..tools.files import reading
    from .faces.assumed import tell
    from .faces.suppliers import FILE, records, show, told

    check_language(lang)
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite, reads=reading(split(deliveries)[0]))
    read = read_deliveries(deliveries, sql=sql, date_format=date_format)
    past = cleaned(read.table)
    day = last_day(past)
    card, said = scorecard(past, day), told(read, past, day)
    tell(said, lang)
    if json:
        for one in records(card):
            print(dumps(one, ensure_ascii=False))
    else:
        show(card, out, lang)
    if out_file is not None:
        FILE.write(out_file, records(card), {"assumptions": [say(one, lang) for one in said]})
        err.print(f"{out_file}: {len(card):,} suppliers", highlight=False, soft_wrap=True)


@app.command()
def allocate(
    data: Data = None,
    demo: Demo = False,
    of: Annotated[str | None, typer.Option(help="the product, as the sales name it")] = None,
    units: Annotated[float | None, typer.Option(min=0, help="with --of: units that there are to give")] = None,
    warehouse: Annotated[
        str | None, typer.Option(help="stock file of what there is to give of each product, in place of --units")
    ] = None,
    by: Annotated[str, typer.Option(help="column of the places: store, channel, …")] = "store",
    stock: StockFile = None,
    pack: Annotated[
        int | None, typer.Option(min=1, help="units that go together; default as in the stock files, else 1")
    ] = None,
    least: Annotated[float, typer.Option(min=0, help="units that each place gets at least")] = 0.0,
    horizon: Annotated[
        str | None, typer.Option("--horizon", "-h", help="4w, 28d, 1m or a count of periods; default 28d, 4w or 3m")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="a product a line as JSON")] = False,
    out_file: Annotated[Path | None, typer.Option("--out", help="to a .csv, .xlsx or .json file")] = None,
    quick: Quick = False,
    country: Country = None,
    seed: Seed = 0,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    duplicates: Duplicates = None,
    freq: Freq = "W",
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    """Share out scarce stock over stores or channels, where it is most likely to sell. Nothing is sent."""
    from json import dumps

    from ..prompts.messages.say import check_language, say
    from ..tools.data.files import split
    from ..tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from ..tools.files import reading
    from .batch.allocation import allocations, shares_of
    from .faces.allocation import FILE, record, rows, show, told
    from .faces.assumed import tell
    from .faces.progress import batch_bar, share_bar
    from .workbench import Workbench

    check_language(lang)
    if (of is None or units is None) == (warehouse is None) or (warehouse is not None and units is not None):
        raise InputError("what is there to give? Name --units 500 --of PRODUCT, or --warehouse FILE")
    files = [split(one)[0] for one in (stock, warehouse) if one is not None]
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite, reads=reading(*files))
    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, "none", "none", seed=seed, lang=lang,
        declared=declared(False, decimal, thousands, date_format, duplicates),
    )  # fmt: skip
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite, reads=lambda path: source.reads(path) or reading(*files)(path))
    with err.status("reading the sales"):
        panel = source.panel()
        periods = parse_horizon(horizon or DEFAULT_HORIZON[panel.freq], panel)
        shares, said = shares_of(panel, by, of=of, units=units, warehouse=warehouse, stock=stock, pack=pack)
        maker = bench.forecaster(panel, explain="template", start=False)
    tell(said, lang)
    with batch_bar(err, len(shares)) as (on_line, stage):
        made = allocations(maker, panel, shares, periods, least, progress=stage, on_product=lambda: on_line(""))
    said = told(made, panel, periods, quick=quick)
    tell(said, lang)
    if json:
        for one in made:
            print(dumps(record(one), ensure_ascii=False))
    else:
        show(made, panel.freq, by, out, lang)
    if out_file is not None:
        FILE.write(out_file, [row for one in made for row in rows(one)], {"assumptions": [say(x, lang) for x in said]})
        err.print(f"{out_file}: {sum(len(one.share.places) for one in made):,} lines", highlight=False, soft_wrap=True)


def _with_suppliers(
    policy: "Policy", source: str, held: "Stock", panel: "Panel", longest: int, until: "date | None" = None
) -> "tuple[Policy, list[Message]]":
    """The policy with the lead times of suppliers that past deliveries show up to a day, and what is said of them."""
    from ..tools.data.deliveries import read_deliveries
    from ..tools.decide.lead_times import deliveries
    from ..tools.decide.supplier_leads import with_supplier_leads

    read = read_deliveries(source)
    past = deliveries(read.table)
    past = past if until is None else past.known_at((until - date(1970, 1, 1)).days)
    made, said = with_supplier_leads(policy, past, read.name, held, panel.freq, longest)
    return made, [*read.findings, *said]


def _periods(option: str, what: str, text: str, panel: "Panel") -> int:
    """A length of time of the command line in the panel's periods.

    Raises:
        InputError: it is none, or shorter than a period.
    """
    from ..tools.data.horizon import parse_horizon
    from ..tools.messages import Refusal

    try:
        return parse_horizon(text, panel)
    except Refusal:
        raise InputError(
            f"{option} {text}: expected a {what} of 1 period or more: 2w, 10d, or a count of periods"
        ) from None
