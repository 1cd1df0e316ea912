"""The command of recommendations: what to offer which customer, by what they buy, what rises and what is in stock."""

import json as jsons
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..tools.console import err, out
from ..tools.errors import InputError
from ..tools.options import DateFormat, Decimal, Overwrite, Seed, Sql, Thousands
from .customers import EventsFile, Products
from .options import Lang, StockFile

if TYPE_CHECKING:
    from ..tools.data.panel import Panel
    from ..tools.data.stock import Stock
    from ..tools.decide.rerank import Weights
    from ..tools.decide.shop import Shop

app = typer.Typer()


@app.command()
def recommend(
    events: EventsFile = None,
    demo: Annotated[bool, typer.Option("--demo", help="the households of the Complete Journey data")] = False,
    user: Annotated[str | None, typer.Option(help="a customer, as the file has it or as outputs show it")] = None,
    product: Annotated[str | None, typer.Option(help="instead: which customers for this product")] = None,
    all_: Annotated[bool, typer.Option("--all", help="every customer, to --out")] = False,
    top: Annotated[int, typer.Option(min=1, max=100, help="how many offers, or customers")] = 10,
    as_of: Annotated[
        str | None, typer.Option(help="as of the start of this day; default the end of the events")
    ] = None,
    sales: Annotated[str | None, typer.Option(help="sales as forecast takes them: trend, prices and costs")] = None,
    stock: StockFile = None,
    products: Products = None,
    trend: Annotated[float, typer.Option(min=0, max=2, help="weight of what rises")] = 0.1,
    margin: Annotated[float, typer.Option(min=0, max=2, help="weight of margin, where costs are known")] = 0.1,
    clear: Annotated[float, typer.Option(min=0, max=2, help="weight of what is half a year or more in stock")] = 0.2,
    category: Annotated[int, typer.Option(min=1, help="offers of one category at most")] = 4,
    lowest: Annotated[float | None, typer.Option(help="no price below")] = None,
    highest: Annotated[float | None, typer.Option(help="no price above")] = None,
    show_ids: Annotated[bool, typer.Option("--show-ids", help="customers by their own ids, not pseudonyms")] = False,
    json: Annotated[bool, typer.Option("--json", help="as JSON, and nothing else")] = False,
    out_file: Annotated[Path | None, typer.Option("--out", help="with --all: a JSONL file, resumable")] = None,
    seed: Seed = 0,
    lang: Lang = "en",
    sql: Sql = None,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    overwrite: Overwrite = False,
) -> None:
    """Say what to offer each customer next, and why; or which customers to offer a product. It sends nothing."""
    from ..prompts.messages.say import check_language
    from ..tools.data.horizon import parse_cutoff
    from ..tools.data.makers import demo_makers, makers_of
    from ..tools.decide.rerank import Weights
    from ..tools.decide.shop import open_shop
    from ..tools.files import check_writable
    from .customers import _opened as opened
    from .faces.assumed import tell
    from .faces.progress import count_bar

    check_language(lang)
    if (user is not None) + (product is not None) + all_ != 1:
        raise InputError("expected one of --user, --product or --all")
    if all_ != (out_file is not None):
        raise InputError("--all needs a file to write: --out recs.jsonl" if all_ else "--out goes with --all")
    if lowest is not None and highest is not None and lowest > highest:
        raise InputError(f"--lowest {lowest:g} is above --highest {highest:g}")
    if out_file is not None:
        check_writable(out_file)
    at = None if as_of is None else parse_cutoff(as_of)
    known = opened(events, demo, None, products, sql, decimal, thousands, date_format)
    tell(known.findings, lang)
    panel, held = _supplied(sales, stock, lang)
    weights = Weights(trend, margin, clear, category, lowest, highest)
    with count_bar(err, "learning from past weeks", 6) as learned:
        shop = open_shop(known, at, panel, held, seed=seed, progress=lambda done, _of: learned(done))
    if out_file is not None:
        makers = demo_makers() if demo else makers_of(products, panel)
        sources = {"sales": sales, "stock": stock, "products": products}
        digests = {"events": known.digest, **{name: _digest(source) for name, source in sources.items()}}
        _write(
            shop, weights, top, digests, makers, out_file, show_ids=show_ids, lang=lang, seed=seed, overwrite=overwrite
        )
    elif user is not None:
        _show_user(shop, weights, top, user, show_ids=show_ids, json=json, lang=lang)
    else:
        _show_customers(shop, weights, top, str(product), show_ids=show_ids, json=json, lang=lang)


def _supplied(sales: str | None, stock: str | None, lang: str) -> tuple["Panel | None", "Stock | None"]:
    """The sales and the stock that were named."""
    from ..tools.data.read import open_source
    from ..tools.data.stock import read_stock
    from .faces.assumed import tell

    panel = None
    if sales is not None:
        with err.status("reading the sales"):
            source = open_source(sales)
            panel = source.panel()
        tell(source.assumed, lang)
    if stock is None:
        return panel, None
    if panel is None:
        raise InputError("--stock goes with --sales: what is on hand is held against what is sold")
    held = read_stock(stock, panel.unique_ids, panel.cutoff.date(), panel.freq)
    tell(held.findings, lang)
    return panel, held


def _digest(source: str | None) -> str:
    """Of a file that was named; of a database's table its name."""
    from ..tools.data.files import digest_files, split

    if source is None:
        return "none"
    path, _ = split(source)
    return digest_files([path]) if path is not None and path.is_file() else source


def _shown(shop: "Shop", show_ids: bool) -> "dict[str, str]":
    """How each customer is called in what is put out."""
    from ..tools.data.people import pseudonyms, salt

    users = shop.baskets.users
    return dict(zip(users, users if show_ids else pseudonyms(users, salt()), strict=True))


def _show_user(shop: "Shop", weights: "Weights", top: int, user: str, *, show_ids: bool, json: bool, lang: str) -> None:
    from ..prompts.messages.say import say
    from ..tools.data.people import salt
    from ..tools.decide.recommend_telling import offers_table, offers_told, weights_told
    from .batch.recommend import Words, line_of
    from .faces.tables import drawn

    names = _shown(shop, show_ids)
    meant = shop.user_of(user, salt())
    made = shop.for_user(meant, weights, top)
    if json:
        print(jsons.dumps(line_of(made, names[meant], shop.names, Words(lang)), ensure_ascii=False))
        return
    for one in offers_told(made, shop, names[meant]):
        out.print(say(one, lang), markup=False, highlight=False)
    out.print(drawn(offers_table(made, names[meant], shop.names), lang, out.width))
    err.print(say(weights_told(weights), lang), style="dim", markup=False, highlight=False)


def _show_customers(
    shop: "Shop", weights: "Weights", top: int, product: str, *, show_ids: bool, json: bool, lang: str
) -> None:
    from ..tools.decide.recommend_telling import customers_table
    from ..tools.messages import ProductName
    from .faces.tables import drawn

    names = _shown(shop, show_ids)
    likely = [(names[one], chance) for one, chance in shop.for_product(product, weights, top)]
    if json:
        lines: dict[str, Any] = {"unique_id": product, "customers": [[one, round(p, 4)] for one, p in likely]}
        print(jsons.dumps(lines, ensure_ascii=False))
        return
    out.print(drawn(customers_table(likely, ProductName(product, shop.names.get(product, ""))), lang, out.width))


def _write(
    shop: "Shop",
    weights: "Weights",
    top: int,
    digests: dict[str, str],
    makers: dict[str, str],
    path: Path,
    *,
    show_ids: bool,
    lang: str,
    seed: int,
    overwrite: bool,
) -> None:
    """Every customer to a file; then what share of the offers small makers have."""
    from dataclasses import asdict

    from ..prompts.messages.say import say
    from ..tools.decide.exposure import exposure
    from ..tools.decide.recommend_telling import weights_told
    from .batch.recommend import RecommendSettings, lists_in, recommend_all
    from .faces.progress import count_bar

    names = _shown(shop, show_ids)
    settings = RecommendSettings(
        digests, f"{shop.as_of:%Y-%m-%d}", top, asdict(weights), "ids" if show_ids else "pseudonyms", lang, seed
    )
    stands = 0
    with count_bar(err, "recommending", len(names)) as bar:

        def on_lines(count: int) -> None:
            nonlocal stands
            stands += count
            bar(stands)

        made = recommend_all(
            shop.maker, shop.baskets, shop.supply, weights, settings, path,
            lambda users: [names[one] for one in users], shop.names, overwrite=overwrite, on_lines=on_lines,
        )  # fmt: skip
    parts = [f"{made.made:,} customers", f"{made.unknown:,} of them without history", f"{made.resumed:,} stood already"]
    err.print(f"{path}: {', '.join(parts)}", highlight=False, soft_wrap=True)
    err.print(say(weights_told(weights), lang), style="dim", markup=False, highlight=False)
    found = exposure(lists_in(path), shop.sales, makers) if makers else None
    for one in found.messages() if found is not None else ():
        err.print(say(one, lang), markup=False, highlight=False, soft_wrap=True)
