"""The command that chats, over the workbench."""

from typing import Annotated

import typer

from ..tools.console import err, out
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
    AtMost,
    ChatLang,
    Country,
    DeliveryFile,
    EngineSpec,
    EventFile,
    Notes,
    PolicyFile,
    Quick,
    ReadBy,
    Router,
    Samples,
    SessionFile,
    Shots,
    SlotModel,
    StockFile,
)

LOADING = "loading the models"

app = typer.Typer()


@app.command()
def chat(
    data: Data = None,
    demo: Demo = False,
    quick: Quick = False,
    country: Country = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    model: SlotModel = "default",
    stock: StockFile = None,
    events: EventFile = None,
    policy: PolicyFile = None,
    deliveries: DeliveryFile = None,
    router: Router = "router",
    notes: Notes = None,
    reader: ReadBy = "rules",
    at_most: AtMost = 5.0,
    session: SessionFile = None,
    json: Annotated[bool, typer.Option("--json", help="replies as JSON, one a line, and nothing else")] = False,
    samples: Samples = 5,
    shots: Shots = 1,
    seed: Seed = 0,
    lang: ChatLang = None,
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
    """Ask in plain words: "forecast next month for SKU X", "why?", "what if we take 10% off", "top movers"."""
    from ..prompts.messages.say import ENGLISH, check_language
    from .faces.assumed import tell
    from .faces.progress import share_bar
    from .faces.session import Session, check_session
    from .faces.signals import wanted
    from .faces.talk import talk
    from .workbench import Workbench

    follows, lang = lang is None, check_language(lang or ENGLISH)
    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, engine, model, router, notes,
        samples=samples, shots=shots, seed=seed, lang=lang,
        declared=declared(sum_, decimal, thousands, date_format, duplicates), stock=stock, policy=policy,
        deliveries=deliveries, signals=wanted(notes, None, reader, None, 1.0, at_most), events=events,
    )  # fmt: skip
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    if session is not None:
        check_session(session, overwrite=overwrite, reads=source.reads)
    with err.status(LOADING):
        caller = bench.caller(desk := bench.desk(source))
    tell(desk.stock.findings if desk.stock else (), lang)
    talk(Session(desk, caller, session, lang=lang, follows=follows, reads=source.reads), out, err, json=json)
