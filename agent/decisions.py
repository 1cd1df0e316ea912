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
from .options import Country, Lang, PolicyFile, Quick, StockFile

if TYPE_CHECKING:
    from ..tools.data.panel import Panel

app = typer.Typer()


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
) -> None:
    """Say what to order now, what runs out, what is over-stocked or dead. An order is a proposal: nothing is sent."""
    from ..prompts.messages.say import check_language
    from ..tools.data.files import split
    from ..tools.data.freq import span_of
    from ..tools.data.stock import read_stock
    from ..tools.decide.lines import checked, reach, totals
    from ..tools.decide.policy import Policy, read_policy, with_fields
    from ..tools.decide.scenarios import Outcome, Scenario
    from ..tools.decide.telling import assumption_messages, late_message, service_message
    from ..tools.files import reading
    from .batch.orders import order_lines
    from .faces.assumed import tell
    from .faces.orders import check_out, print_lines, show_lines, write_lines
    from .faces.progress import batch_bar, share_bar
    from .workbench import Workbench

    check_language(lang)
    if stock is None:
        raise InputError("no stock: name a file with what is on hand, --stock stock.csv")
    planned = read_policy(policy) if policy else Policy()
    wanted = with_fields(planned, service=service)
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
    leads = None if lead is None else _periods("--lead", "lead time", lead, first)
    delay = 0 if late is None else _periods("--late", "delay", late, first)
    planned, wanted = (checked(with_fields(one, lead_time=leads), first.freq, delay) for one in (planned, wanted))
    last = span_of(source.last_sale(), first.freq).last
    limits = reach(wanted, first.freq, delay)
    held = read_stock(stock, ids, last, first.freq, schema=source.schema, **limits)
    tell(held.findings, lang)
    with err.status("reading the sales"):
        maker = bench.forecaster(
            first, explain="template", read=lambda some: source.salvage(some)[0], catalogue=ids, start=False
        )
    asked = [Scenario(wanted, delay)]
    asked += [Scenario(wanted)] * bool(delay) + [Scenario(planned, delay)] * (wanted != planned)
    with batch_bar(err, len(held.rows)) as (on_line, stage):
        made = order_lines(maker, source, held, asked, progress=stage, on_line=lambda: on_line(""))
    lines = made.lines[0]
    outcome = [Outcome.of(some) for some in made.lines]
    beside_it = [late_message(delay, first.freq, outcome[0], outcome[1])] if delay else []
    beside_it += [service_message(wanted, outcome[0], outcome[-1])] if wanted != planned else []
    total, said = totals(lines), assumption_messages(lines, wanted, first.freq, quick=quick)
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
