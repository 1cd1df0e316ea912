"""The commands of customers: who buys it and why that changed, who will, and a person taken out of a file."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..tools.console import err, out
from ..tools.errors import InputError
from ..tools.options import DateFormat, Decimal, Overwrite, Seed, Sql, Thousands, declared
from .options import Lang

if TYPE_CHECKING:
    from ..tools.data.events import Events
    from ..tools.files import Reads

app = typer.Typer(no_args_is_help=True, help="Customers: who buys it, who will, and what must be forgotten.")
KINDS = "user_id, ds, event (view, cart, buy, return, coupon), unique_id, value"
EventsFile = Annotated[
    str | None, typer.Argument(help=f"CSV, Excel, Parquet, DuckDB or postgresql://…::TABLE: {KINDS}")
]
Demo = Annotated[bool, typer.Option("--demo", help="the households of the Complete Journey data")]
People = Annotated[str | None, typer.Option(help="what is known of customers, a row each: user_id, age, income, …")]
Products = Annotated[str | None, typer.Option(help="a row a product: unique_id, category, name")]
Json = Annotated[bool, typer.Option("--json", help="all of it as JSON, and nothing else")]
Out = Annotated[Path | None, typer.Option("--out", help="the table to a .csv, .xlsx or .json file")]
Weeks = Annotated[int, typer.Option(min=1, max=52, help="weeks looked at")]


@app.command()
def buyers(
    events: EventsFile = None,
    of: Annotated[str | None, typer.Option(help="a product, words of its name, or a category")] = None,
    demo: Demo = False,
    weeks: Weeks = 4,
    against: Annotated[
        Literal["before", "year"], typer.Option(help="the weeks just before, or the same of a year ago")
    ] = "before",
    people: People = None,
    products: Products = None,
    json: Json = False,
    out_file: Out = None,
    lang: Lang = "en",
    sql: Sql = None,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    overwrite: Overwrite = False,
) -> None:
    """Say who buys a product, and why its sales changed: fewer buyers, fewer visits, less each visit, or the price."""
    from ..prompts.messages.say import check_language
    from ..tools.insight.buyers_telling import bought, last_span, products_of
    from .faces import customers as face
    from .faces.assumed import tell

    check_language(lang)
    if of is None:
        raise InputError("name a product or category: --of bananas")
    if out_file is not None:
        face.FILE.check(out_file, overwrite=overwrite, reads=_reads(events, people, products))
    known = _opened(events, demo, people, products, sql, decimal, thousands, date_format)
    tell(known.findings, lang)
    with err.status("looking at who bought it"):
        ids, what, category = products_of(known, of)
        span = last_span(known, 7 * weeks)
        before = span.earlier() if against == "before" else span.a_year_ago()
        found = bought(known, ids, what, span, before, category)
    if json:
        face.print_json(found, known, lang)
    else:
        face.show(found, known, out, lang)
    if out_file is not None:
        face.write(out_file, found, known, known.findings, lang)
        err.print(f"{out_file}: {len(found.buyers.groups):,} groups", highlight=False, soft_wrap=True)


@app.command()
def intent(
    events: EventsFile = None,
    of: Annotated[str | None, typer.Option(help="a product, words of its name, or a category")] = None,
    lapse: Annotated[bool, typer.Option("--lapse", help="who is likely to buy nothing at all")] = False,
    sessions: Annotated[
        Path | None, typer.Option(help="in the place of events: a table of sessions, a row each, those to be told open")
    ] = None,
    target: Annotated[str, typer.Option(help="of --sessions: the column that says whether it bought")] = "Revenue",
    demo: Demo = False,
    weeks: Weeks = 4,
    top: Annotated[int, typer.Option(min=1, help="lines of the table")] = 20,
    products: Products = None,
    json: Json = False,
    out_file: Out = None,
    seed: Seed = 0,
    lang: Lang = "en",
    sql: Sql = None,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    overwrite: Overwrite = False,
) -> None:
    """Say who is likely to buy a product, who to buy nothing, or which session will buy: a chance, and why."""
    from ..prompts.messages.say import check_language
    from ..tools.data.people import salt
    from .batch import intent as batch
    from .faces import intent as face
    from .faces.assumed import tell
    from .faces.progress import share_bar

    check_language(lang)
    if (of is not None) + lapse + (sessions is not None) != 1:
        raise InputError("ask for one of --of bananas, --lapse or --sessions sessions.csv")
    if out_file is not None:
        face.FILE.check(out_file, overwrite=overwrite, reads=_reads(events, products, str(sessions or "")))
    if sessions is not None:
        if demo or events is not None:
            raise InputError("--sessions stands in the place of events and of --demo")
        from ..tools.data.event_table import read_rows

        with err.status("learning from the sessions"):
            found, who = batch.sessions(read_rows(sessions), target, seed=seed), "intent-session"
    else:
        known = _opened(events, demo, None, products, sql, decimal, thousands, date_format)
        tell(known.findings, lang)
        with share_bar(err) as progress:
            tell_share = partial(progress, "learning")
            found, who = batch.customers(known, of, weeks, salt(), tell_share, seed=seed), "intent-customer"
    lines = [face.Chance(*one) for one in found.who]
    if json:
        face.print_lines(lines, lang)
    else:
        face.show(lines, found.title, who, found.said, top, out, lang)
    if out_file is not None:
        face.write(out_file, lines, found.said, lang)
        err.print(f"{out_file}: {len(lines):,} lines", highlight=False, soft_wrap=True)


@app.command()
def forget(
    user: Annotated[str, typer.Argument(help="the customer, as the file has it or as outputs show it")],
    events: Annotated[str, typer.Argument(help="CSV, Excel, Parquet or DuckDB file of events")],
    out_file: Annotated[Path, typer.Option("--out", help="the new file, .csv or .parquet; the old one stays")],
    overwrite: Overwrite = False,
) -> None:
    """Write a file of events again without one person. The old one, and what was made from it, is yours to remove."""
    from ..tools.data.people import forget as without
    from ..tools.data.people import salt
    from ..tools.files import check_ours, check_writable

    check_writable(out_file)
    check_ours(out_file, lambda _: False, f"--out {out_file}", overwrite=overwrite, reads=_reads(events))
    with err.status("writing it again"):
        gone, left = without(events, user, out_file, salt())
    err.print(f"{out_file}: {left:,} rows; {gone:,} of this customer are left out", highlight=False, soft_wrap=True)
    err.print(
        f"{events} still holds them: delete it, and make again what was learned from it",
        highlight=False,
        soft_wrap=True,
    )


def _reads(*sources: str | None) -> "Reads":
    from ..tools.files import reading

    return reading(*(Path(one.partition("::")[0].partition("#")[0]) for one in sources if one))


def _opened(
    events: str | None,
    demo: bool,
    people: str | None,
    products: str | None,
    sql: str | None,
    decimal: str | None,
    thousands: str | None,
    date_format: str | None,
) -> "Events":
    """The events of a file, or of the demo's households.

    Raises:
        InputError: none or two were named, or one cannot be used.
    """
    from dataclasses import replace

    from ..tools.data.event_table import read_attributes, read_events, read_products
    from ..tools.data.schema import PanelSchema

    if demo == (events is not None):
        raise InputError("either a file of events or --demo" + (", not both" if demo else ""))
    with err.status("reading the events"):
        if demo:
            from ..tools.data.demo_events import complete_journey_events

            return complete_journey_events()
        assert events is not None
        schema = PanelSchema(**declared(False, decimal, thousands, None, None))
        made = read_events(events, sql=sql, schema=schema, date_format=date_format)
        if people is not None:
            made = replace(made, people=read_attributes(people, "user_id"))
        if products is not None:
            made = replace(made, products=read_products(products))
        return made
