"""The command of prices, over the workbench: what price to set for every product. It proposes, and changes nothing."""

from pathlib import Path
from typing import Annotated, Literal

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
from .options import Country, Lang, Quick

app = typer.Typer()


@app.command()
def price(
    data: Data = None,
    demo: Demo = False,
    goal: Annotated[
        Literal["margin", "revenue"] | None,
        typer.Option("--for", help="what is to be greatest; default margin where costs are known, else revenue"),
    ] = None,
    costs: Annotated[Path | None, typer.Option(help="CSV or workbook: product, cost of a unit")] = None,
    cost_column: Annotated[str | None, typer.Option(help="column of the sales with the cost of a unit")] = None,
    max_step: Annotated[float, typer.Option(help="per cent by which a price may move, up or down")] = 10.0,
    floor: Annotated[float | None, typer.Option(help="least margin in per cent of the price")] = None,
    endings: Annotated[str | None, typer.Option(help="what prices end in, such as .99,.49")] = None,
    horizon: Annotated[str | None, typer.Option("--horizon", "-h", help="how long it holds; default a month")] = None,
    json: Annotated[bool, typer.Option("--json", help="a line a product as JSON")] = False,
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
    """Say what price to set for each product, by its elasticity, with an interval. A price is a proposal."""
    from ..prompts.messages.say import check_language
    from ..tools.data.costs import read_costs
    from ..tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from ..tools.decide.price import Bounds
    from ..tools.decide.price_telling import assumption_messages
    from ..tools.forecast.lost_sales import tells_parts
    from ..tools.messages import message
    from .batch.price import catalogue_prices
    from .faces.assumed import tell
    from .faces.price import FILE, print_lines, show_lines, write_lines
    from .faces.progress import batch_bar, share_bar
    from .workbench import Workbench

    check_language(lang)
    if costs is not None and cost_column is not None:
        raise InputError("either --costs or --cost-column, not both")
    bounds = Bounds(max_step / 100, None if floor is None else floor / 100, _endings(endings))
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite)
    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, "none", "none", seed=seed, lang=lang,
        declared=declared(sum_, decimal, thousands, date_format, duplicates),
    )  # fmt: skip
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite, reads=source.reads)
    ids = source.unique_ids()
    first = bench.witnesses(source, ids)
    if "price" not in first.schema.covariates:
        raise InputError('no prices: the sales need a column price, declared in their .toml: known_future = ["price"]')
    known, found = (None, []) if costs is None else read_costs(costs, ids)
    found = [*found, *(one.message for one in source.health().findings if one.kind == "negative_price")]
    tell(found, lang)
    ahead = parse_horizon(horizon or DEFAULT_HORIZON[first.freq], first)
    with err.status("reading the sales"):
        maker = bench.forecaster(
            first, explain="template", read=lambda some: source.salvage(some)[0], catalogue=ids, start=False
        )
    with batch_bar(err, len(ids)) as (on_line, stage):
        made = catalogue_prices(
            maker, source, bounds, ahead, goal=goal, costs=known, cost_column=cost_column,
            progress=stage, on_line=lambda: on_line(""),
        )  # fmt: skip
    said = [*made.said, *assumption_messages(made.assumed, first.freq, recovered=tells_parts(first))]
    tell(said, lang)
    span = message(f"periods-{first.freq}", count=ahead)
    if json:
        print_lines(made.lines, lang)
    else:
        show_lines(made.lines, made.goal, span, out, lang)
    if out_file is not None:
        write_lines(out_file, made.lines, [*found, *said], lang)
        err.print(f"{out_file}: {len(made.lines):,} lines", highlight=False, soft_wrap=True)


def _endings(text: str | None) -> tuple[float, ...]:
    """`.99,.49` as numbers.

    Raises:
        InputError: one is none from 0 to below 1.
    """
    try:
        found = tuple(float(part) for part in text.split(",")) if text else ()
    except ValueError:
        found = (-1.0,)
    if any(not 0 <= one < 1 for one in found):
        raise InputError(f"--endings {text}: expected decimals below 1 with commas, such as .99,.49")
    return found
