"""The commands of decisions, over the workbench: what to do about the forecast. They propose, and send nothing."""

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
from .options import Country, Lang, Quick, StockFile

if TYPE_CHECKING:
    from ..tools.data.panel import Panel
    from ..tools.decide.policy import Policy

app = typer.Typer()


@app.command()
def orders(
    data: Data = None,
    stock: StockFile = None,
    demo: Demo = False,
    policy: Annotated[
        Path | None,
        typer.Option(help="TOML: service, costs, lost sales or backorders, lead time, review, budget, span"),
    ] = None,
    service: Annotated[float | None, typer.Option(help="cycle service level in per cent; default 95")] = None,
    lead: Annotated[
        str | None, typer.Option(help="lead time where the stock file has none: 2w, 10d or periods; default 2w, 7d, 1m")
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
) -> None:
    """Say what to order now, what runs out, what is over-stocked or dead. An order is a proposal: nothing is sent."""
    from ..prompts.messages.say import check_language
    from ..tools.data.files import split
    from ..tools.data.freq import span_of
    from ..tools.data.stock import read_stock
    from ..tools.decide.budget import within_budget
    from ..tools.decide.lines import LONGEST, totals
    from ..tools.decide.policy import Policy, read_policy, with_fields
    from ..tools.decide.telling import assumption_messages
    from ..tools.files import reading
    from ..tools.forecast.lost_sales import tells_parts
    from .batch.orders import order_lines
    from .faces.assumed import tell
    from .faces.orders import check_out, print_lines, show_lines, write_lines
    from .faces.progress import batch_bar, share_bar
    from .workbench import Workbench

    check_language(lang)
    if stock is None:
        raise InputError("no stock: name a file with what is on hand, --stock stock.csv")
    wanted = with_fields(read_policy(policy) if policy else Policy(), service=service)
    beside = reading(split(stock)[0])
    if out_file is not None:
        check_out(out_file, overwrite=overwrite, reads=beside)
    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, "none", "none", seed=seed, lang=lang,
        declared=declared(sum_, decimal, thousands, date_format, duplicates),
    )  # fmt: skip
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    if out_file is not None:
        check_out(out_file, overwrite=overwrite, reads=lambda path: source.reads(path) or beside(path))
    ids = source.unique_ids()
    first = bench.witnesses(source, ids)
    wanted = _with_lead(wanted, lead, first)
    last = span_of(source.last_sale(), first.freq).last
    held = read_stock(stock, ids, last, first.freq, schema=source.schema, longest=LONGEST[first.freq])
    tell(held.findings, lang)
    with err.status("reading the sales"):
        maker = bench.forecaster(
            first, explain="template", read=lambda some: source.salvage(some)[0], catalogue=ids, start=False
        )
    with batch_bar(err, len(held.rows)) as (on_line, stage):
        lines, unusable = order_lines(maker, source, held, wanted, progress=stage, on_line=lambda: on_line(""))
    if wanted.budget is not None:
        lines = within_budget(lines, wanted.budget)
    said = assumption_messages(lines, wanted, first.freq, quick=quick, recovered=tells_parts(first))
    total = totals(lines)
    tell([*unusable, *said], lang)
    if json:
        print_lines(lines, first.freq, lang)
    else:
        show_lines(lines, first.freq, total, out, lang)
    if out_file is not None:
        write_lines(out_file, lines, first.freq, total, [*held.findings, *unusable, *said], lang)
        err.print(f"{out_file}: {len(lines):,} lines", highlight=False, soft_wrap=True)


def _with_lead(policy: "Policy", lead: str | None, panel: "Panel") -> "Policy":
    """The policy with the lead time of the command line, in the panel's periods."""
    from ..tools.data.horizon import parse_horizon
    from ..tools.decide.lines import LONGEST
    from ..tools.decide.policy import with_fields

    made = policy if lead is None else with_fields(policy, lead_time=parse_horizon(lead, panel))
    asked = made.lead(panel.freq).longest + made.review_of(panel.freq)
    most, span = LONGEST[panel.freq], made.span_of(panel.freq)
    if max(asked, span) > most:
        raise InputError(f"lead time + review of {asked} periods, span of {span}: at most {most} can be forecast")
    return made
