"""Files of each kind that people have: read, with what was assumed; or asked, with both readings."""
# ruff: noqa: E501  cases stand one a line

import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from skucast.prompts.messages.say import say, say_error
from skucast.tools.data.layout import header_row
from skucast.tools.data.read import Source, open_source
from skucast.tools.errors import InputError
from skucast.tools.messages import Refusal

WEEKS = [date(2024, 1, 7) + timedelta(weeks=week) for week in range(12)]
SLOW = pytest.mark.slow  # a quicker one of the same kind stays
DAYS = [date(2024, 1, 6) + timedelta(days=day) for day in range(12)]
MONTHS = [date(2022 + month // 12, 1 + month % 12, 1) for month in range(24)]


def table(head: str, ys: Sequence[object], days: Sequence[date] = WEEKS, sku: str = "A", form: str = "%Y-%m-%d") -> str:
    """A row a date; the separator is the header's, cells of a fourth column come behind the y."""
    sep = next(sign for sign in ";\t|," if sign in head)
    return head + "\n" + "".join(f"{sku}{sep}{day.strftime(form)}{sep}{y}\n" for day, y in zip(days, ys, strict=False))


def opened(
    folder: Path, text: str | bytes, toml: str = "", sql: str | None = None, encoding: str = "utf-8", **declared: object
) -> Source:
    file = folder / "sales.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    file.with_suffix(".toml").write_text(toml)
    return open_source(file, sql=sql, declared=declared)


def total(source: Source) -> float:
    return float(source.panel().past["y"].sum())


def keys(source: Source) -> list[str]:
    return [one.key for one in source.assumed]


def refused(folder: Path, text: str, toml: str = "", sql: str | None = None, **declared: object) -> str:
    with pytest.raises(InputError) as error:
        opened(folder, text, toml, sql, **declared).panel()
    said = say_error(error.value)
    assert "\n" not in said
    if isinstance(error.value, Refusal):
        assert say_error(error.value, "zh")
    return said.split("sales.csv: ", 1)[-1]


NUMBERS = {
    "decimal comma": ("Artikel\tDatum\tMenge", ["1,5", "2,25", "3"], 6.75),
    "points and a comma": ("sku;date;units", ["1.246,50", "784,00", "2.000,25"], 4030.75),
    "commas and a point": ("sku|date|units", ["1,246.50", "784.00", "2,000.25"], 4030.75),
    "thousands in a file of semicolons": ("SKU;Woche;Absatz", ["2.010", "311", "1.004"], 3325.0),
    "thousands in quotes": ("SKU,Date,Qty", ['"1,246"', "784", '"12,000"'], 14030.0),
    "two points": ("sku|date|units", ["1.246.000", "784", "2.000"], 1248784.0),
    "a zero before the point": ("sku|date|units", ["1.246", "0.784", "2.000"], 4.03),
    "thousands without a sign beside": ("sku|date|units", ["1.246", "2500", "2.000"], 2503.246),
    "Swiss": ("Artikel-Nr.;Woche;Absatz", ["1'246", "784", "12’000"], 14030.0),
    "French": ("Référence;Date;Quantité", ["1\u202f246,5", "784", "12\u00a0000"], 14030.5),
    "Indian": ("sku|date|units", ["1,24,600", "784", "2,000"], 127384.0),
    "of a Chinese keyboard": ("商品编码|日期|销量", ["１２", "７", "３"], 22.0),
    "with units": ("sku|date|units", ["12 pcs", "7 pcs", "3 pcs"], 22.0),
    "words for nothing": ("sku|date|units", ["12", "7", "3", "n/a"], 22.0),
}


QUICK = (
    "decimal comma",
    "points and a comma",
    "thousands in a file of semicolons",
    "two points",
    "Swiss",
    "Indian",
    "with units",
)


@pytest.mark.parametrize("case", [case if case in QUICK else pytest.param(case, marks=SLOW) for case in NUMBERS])
def test_numbers_are_read_by_the_whole_column(tmp_path: Path, case: str) -> None:
    head, ys, expected = NUMBERS[case]
    assert total(opened(tmp_path, table(head, ys), missing="keep")) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("head", "ys"),
    [
        ("sku,date,units", ["1.246", "784"]),
        pytest.param("sku|date|units", ["1.246", "784"], marks=SLOW),
        ("sku\tdate\tunits", ["1,246", "784"]),
    ],
)
def test_two_readings_of_a_number_are_asked(tmp_path: Path, head: str, ys: list[str]) -> None:
    sign = ys[0][1]
    said = refused(tmp_path, table(head, ys))
    assert f"'{ys[0]}' can be 1246 or 1.246" in said
    assert f'thousands = "{sign}"' in said and f'decimal = "{sign}"' in said
    assert total(opened(tmp_path, table(head, ys), thousands=sign)) == 2030
    assert total(opened(tmp_path, table(head, ys), f'decimal = "{sign}"')) == pytest.approx(785.246)


def test_another_column_says_what_a_point_is(tmp_path: Path) -> None:
    rows = "sku|date|units|preis\n" + "".join(
        f"A|{day}|1.246|{price}\n" for day, price in zip(WEEKS, ["3,99", "4,1"], strict=False)
    )
    assert total(opened(tmp_path, rows)) == 2492
    assert total(opened(tmp_path, rows.replace("3,99", "3.99").replace("4,1", "4.1"))) == pytest.approx(2.492)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("5-", -5),
        pytest.param("(5)", -5, marks=SLOW),
        ("−5", -5),
        ("-5,00 €", -5),
        pytest.param("$5", 5, marks=SLOW),
        ("EUR 5", 5),
    ],
)
def test_signs_around_a_number(tmp_path: Path, cell: str, value: float) -> None:
    rows = "sku;date;units;margin\n" + "".join(f"A;{day};1;{cell}\n" for day in WEEKS)
    source = opened(tmp_path, rows, 'past_only = ["margin"]')
    assert source.panel().past["margin"].tolist() == [value] * 12


@pytest.mark.parametrize(("head", "form"), [pytest.param("sku;date;units", "%d.%m.%Y", marks=SLOW), ("Artikel;Datum;Menge", "%d.%m.%y"),
    ("SKU,Date,Qty", "%m/%d/%Y"), pytest.param("SKU,Date,Qty", "%d-%m-%Y", marks=SLOW), pytest.param("SKU,Date,Qty", "%m/%d/%y", marks=SLOW), ("SKU,Date,Qty", "%d-%b-%Y"),
    ("SKU;Date;Qty", "%B %d, %Y"), ("商品编码,日期,销量", "%Y年%m月%d日"), ("SKU,Date,Qty", "%Y%m%d"),
    ("SKU;Date;Qty", "%A, %d. %B %Y"), ("SKU,Date,Qty", "%d.%m.%Y 23:30:00"), pytest.param("SKU,Date,Qty", "%m/%d/%Y 11:30 PM", marks=SLOW),
    ("SKU,Date,Qty", "%Y-%m-%dT23:30:00-05:00"), ("SKU,Date,Qty", "%Y-%m-%dT00:30:00+09:00")])  # fmt: skip
def test_dates_are_read_by_the_whole_column(tmp_path: Path, head: str, form: str) -> None:
    panel = opened(tmp_path, table(head, range(12), form=form)).panel()
    assert [day.date() for day in panel.past["ds"]] == WEEKS


@pytest.mark.parametrize(("names", "first", "offset"), [
    pytest.param(["janv. 2024", "févr. 2024", "mars 2024"], date(2024, 1, 1), "MS", marks=SLOW), (["ene-24", "feb-24", "mar-24"], date(2024, 1, 1), "MS"),
    (["März 2023", "April 2023", "Mai 2023"], date(2023, 3, 1), "MS"), pytest.param(["2024年1月", "2024年2月", "2024年3月"], date(2024, 1, 1), "MS", marks=SLOW),
    (["KW 02/2020", "KW 03/2020", "KW 04/2020"], date(2020, 1, 6), "W-MON"), pytest.param(["2020W52", "2020W53", "2021W01"], date(2020, 12, 21), "W-MON", marks=SLOW),
    (["2024年第2周", "2024年第3周"], date(2024, 1, 8), "W-MON"), (["202051", "202052", "202053"], date(2020, 12, 14), "W-MON"),
    (["45298", "45305", "45312"], date(2024, 1, 7), "W-SUN"), (["1704067200", "1704153600"], date(2024, 1, 1), "D"),
    pytest.param(["1704067200000", "1704153600000"], date(2024, 1, 1), "D", marks=SLOW), (["12/2023", "01/2024"], date(2023, 12, 1), "MS"),
    (["1 de enero de 2024", "2 de enero de 2024"], date(2024, 1, 1), "D"),
])  # fmt: skip
def test_weeks_months_and_day_numbers(tmp_path: Path, names: list[str], first: date, offset: str) -> None:
    panel = opened(tmp_path, "sku;period;units\n" + "".join(f"A;{name};1\n" for name in names)).panel()
    assert (panel.past["ds"].iloc[0].date(), panel.offset, len(panel.past)) == (first, offset, len(names))


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y"])
def test_days_and_months_that_both_may_be_are_told_by_the_calendar(tmp_path: Path, form: str) -> None:
    panel = opened(tmp_path, table("sku,day,units", range(24), MONTHS, form=form)).panel()
    assert [day.date() for day in panel.past["ds"]] == MONTHS


def test_two_readings_of_a_date_are_asked(tmp_path: Path) -> None:
    rows = "sku,date,units\nA,05/06/2024,1\nA,06/06/2024,2\nA,07/06/2024,3\n"  # three days of June, or one of 3 months
    said = refused(tmp_path, rows)
    assert "'05/06/2024' can be 2024-06-05 or 2024-05-06" in said
    assert 'date_format = "%d/%m/%Y" or date_format = "%m/%d/%Y"' in said
    assert opened(tmp_path, rows, date_format="%d/%m/%Y").panel().offset == "D"
    assert (
        opened(tmp_path, rows, 'date_format = "%m/%d/%Y"\nmissing = "keep"\nfreq = "D"')
        .panel()
        .past["ds"]
        .iloc[-1]
        .month
        == 7
    )


@pytest.mark.parametrize(("column", "offset"), [("Kalenderwoche", "W-MON"), ("Monat", "MS")])
def test_six_digits_are_what_their_column_is_called(tmp_path: Path, column: str, offset: str) -> None:
    rows = f"sku,{column},units\nA,202001,1\nA,202002,2\nA,202003,3\n"
    assert opened(tmp_path, rows).panel().offset == offset
    assert "'202001' can be 2020-01-01 or 2019-12-30" in refused(tmp_path, rows.replace(column, "period"))


@pytest.mark.parametrize(
    "names",
    [("2024-Q1", "2024-Q2"), ("Q1 2024", "Q2 2024"), ("T1 2024", "T2 2024"), ("2024年第1季度", "2024年第2季度")],
)
def test_quarters_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    assert f"{names[0]!r} is a quarter; expected days, weeks or months" in refused(
        tmp_path, f"sku,date,units\nA,{names[0]},1\nA,{names[1]},2\n"
    )


def test_a_date_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    rows = table("sku,date,units", range(12), form="%d.%m.%Y") + "B,pending,4\n"
    assert refused(tmp_path, rows) == (
        "ds is not a date: 1 row of 1 series, first 'B' ds = pending; expected dates as 2017-01-31"
    )


@pytest.mark.parametrize(
    ("sku", "encoding"),
    [("Brötchen", "cp1252"), pytest.param("Crème brûlée à l’été", "cp1252", marks=SLOW), pytest.param("Sand 1 m³ à 20 €", "cp1252", marks=SLOW), ("Żółć łąka świeża", "cp1250"),
     pytest.param("Молоко свежее", "cp1251", marks=SLOW), ("牛奶巧克力", "gb18030"), pytest.param("牛乳パック", "shift_jis", marks=SLOW), ("Käse", "utf-16"), pytest.param("Käse", "utf-16-le", marks=SLOW),
     ("Käse", "utf-16-be"), ("Käse", "utf-8-sig"), pytest.param("牛奶", "utf-8", marks=SLOW)],
)  # fmt: skip
def test_encodings(tmp_path: Path, sku: str, encoding: str) -> None:
    source = opened(tmp_path, table("sku;date;units", range(12), sku=sku), encoding=encoding)
    assert (source.unique_ids(), total(source)) == ([sku], 66)
    assert keys(source) == ([] if encoding.startswith("utf-8") else ["assumed-encoding"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("Ja", "Nein"), [1, 0]), pytest.param(("oui", "non"), [1, 0], marks=SLOW), pytest.param(("SÍ", "NO"), [1, 0], marks=SLOW), (("是", "否"), [1, 0]), pytest.param(("Y", "N"), [1, 0], marks=SLOW),
     (("x", ""), [1, 0]), (("TRUE", "FALSE"), [1, 0]), pytest.param(("1", "0"), [1, 0], marks=SLOW), pytest.param(("wahr", "falsch"), [1, 0], marks=SLOW)],
)  # fmt: skip
def test_flags(tmp_path: Path, words: tuple[str, str], expected: list[float]) -> None:
    rows = "sku;date;units;aktion\n" + "".join(f"A;{day};1;{words[i % 2]}\n" for i, day in enumerate(WEEKS))
    assert opened(tmp_path, rows, 'known_future = ["aktion"]').panel().past["aktion"].tolist() == expected * 6


def test_rows_around_a_table(tmp_path: Path) -> None:
    body = table("SKU;Datum;Menge", range(12))
    for before, after in [("Umsatz 2024;;\nStand: 1.5.2024;;\n;;\n", ""), ("Sales report\n\n", "\nSource: ERP\n"), ("", "Summe;;66\n"),
                          ("sep=;\n", "")]:  # fmt: skip
        assert total(opened(tmp_path, before + body + after)) == 66
    rows = table("SKU;Datum;Menge;", [f"{y};" for y in range(12)]).replace("A;2024-01-21", ";;;\nA;2024-01-21")
    source = opened(tmp_path, rows)
    assert (total(source), source.ignored) == (66, [])


def with_total(name: str, more: int = 0) -> str:
    rows = [f"A,{day},{i}\nB,{day},{2 * i + 3}\n{name},{day},{3 * i + 3 + more}\n" for i, day in enumerate(WEEKS)]
    return "Artikel,Woche,Absatz\n" + "".join(rows)


@pytest.mark.parametrize(
    "name", ["Gesamt", *(pytest.param(name, marks=SLOW) for name in ("GRAND TOTAL", "合计", "Total général")), "99999"]
)
def test_a_series_that_is_the_sum_of_the_others_is_left_out(tmp_path: Path, name: str) -> None:
    source = opened(tmp_path, with_total(name))
    assert (source.unique_ids(), total(source), keys(source)) == (["A", "B"], 3 * 66 + 36, ["assumed-total"])


def test_a_name_alone_makes_no_total(tmp_path: Path) -> None:
    source = opened(tmp_path, with_total("Total", more=1))
    assert (source.unique_ids(), keys(source)) == (["A", "B", "Total"], ["assumed-no-total"])


@pytest.mark.parametrize(("rows", "expected", "first", "offset"), [
    ("Item,1/7/2024,1/14/2024,1/21/2024\nA,1,2,3\nB,,6,7\n", 19, date(2024, 1, 7), "W-SUN"),
    ("Artikel;Jan 2024;Feb 2024;Mrz 2024;Summe\nA;1.200;2;3;1205\nB;5;6;7;18\n", 1223, date(2024, 1, 1), "MS"),
    ("sku\t2024-W01\t2024-W02\nA\t1,5\t2\n", 3.5, date(2024, 1, 1), "W-MON"),
    ("商品,2024年1月,2024年2月\n甲,1,2\n合计,1,2\n", 3, date(2024, 1, 1), "MS"),
])  # fmt: skip
def test_wide_tables(tmp_path: Path, rows: str, expected: float, first: date, offset: str) -> None:
    source = opened(tmp_path, rows)
    assert total(source) == expected
    assert (source.panel().past["ds"].min().date(), source.panel().offset) == (first, offset)
    assert "assumed-wide" in keys(source)


SALES = "when,sku,qty,price,promo,views\n" + "".join(
    f"2024-01-0{day} {hour}:00:00+02:00,007,{cells}\n"
    for day, hour, cells in [
        (1, 10, "1,10,0,5"),
        (1, 23, "3,20,1,6"),
        (2, 10, "2,10,0,7"),
        (2, 11, "-3,10,0,8"),
        (4, 10, "4,9,0,9"),
    ]
)
ROLES = 'known_future = ["price", "promo"]\npast_only = ["views"]\n[columns]\nds = "when"\n'


def test_transactions_are_summed_net_of_returns(tmp_path: Path) -> None:
    """Day 2 has one more return than sales; day 4 bears it, and day 3 had no sale: 4 + 0 + 0 + 3 = 7, the net total."""
    past = opened(tmp_path, SALES, ROLES, sum=True).panel().past
    assert past["unique_id"].unique().tolist() == ["007"]
    assert past["y"].tolist() == [4, 0, 0, 3]
    assert past["price"].tolist()[:2] == [17.5, 10]  # (1 × 10 + 3 × 20) / 4
    assert past["promo"].tolist()[:2] == [1, 0]
    assert past["views"].tolist()[:2] == [6, 8]


def test_what_came_back_later_does_not_change_an_earlier_day(tmp_path: Path) -> None:
    before = opened(tmp_path, "\n".join(SALES.splitlines()[:3]) + "\n", ROLES, sum=True, freq="D").panel().past
    after = opened(tmp_path, SALES, ROLES, sum=True).panel().past
    assert before["y"].tolist() == after["y"].tolist()[:1]


def test_the_offer_to_sum_was_tried(tmp_path: Path) -> None:
    assert "--sum" in refused(tmp_path, SALES, ROLES)
    said = refused(
        tmp_path, SALES.replace("4,9,0,9", "many,9,0,9"), ROLES
    )  # with --sum it would be refused all the same
    assert "y is not a number" in said and "--sum" not in said


def test_a_double_import_is_asked_and_never_doubled(tmp_path: Path) -> None:
    head, *rows = table("sku,date,units,price", [f"{y},1.5" for y in range(12)]).splitlines()
    for twice in ([*rows, *rows], [*rows, *rows[3:9]]):
        text = "\n".join([head, *twice]) + "\n"
        assert 'duplicates = "drop"' in refused(tmp_path, text)
        assert 'duplicates = "drop"' in refused(tmp_path, text, sum=True)
        assert total(opened(tmp_path, text, duplicates="drop")) == 66
        assert total(opened(tmp_path, text, sum=True, duplicates="drop", freq=None)) == 66
    assert total(opened(tmp_path, "\n".join([head, *rows, *rows]) + "\n", sum=True, duplicates="keep")) == 132


def test_like_sales_of_one_day_are_no_double_import(tmp_path: Path) -> None:
    rows = "sku,date,units\n" + "".join(f"A,{day},1\n" * (2 + i % 3) for i, day in enumerate(DAYS))
    assert total(opened(tmp_path, rows, sum=True)) == 36


US = table("code,when,pieces", range(12), form="%m/%d/%Y")
OWN = '[columns]\nunique_id = "code"\nds = "when"\ny = "pieces"\n'


def test_sql_stands_beside_declared_columns_and_guesses_no_dates(tmp_path: Path) -> None:
    panel = opened(tmp_path, US, OWN, "select * from data where pieces > 2").panel()
    assert [day.date() for day in panel.past["ds"]] == WEEKS[3:]
    same = opened(tmp_path, US, "", "select code as sku, strptime(\"when\", '%m/%d/%Y') as ds, pieces as y from data")
    assert [day.date() for day in same.panel().past["ds"]] == WEEKS
    assert opened(tmp_path, US.replace("A,", "007,"), OWN, "select * from data").unique_ids() == ["007"]


def test_sql_sums_what_was_read_and_asks_before_it_sums_what_may_be_two(tmp_path: Path) -> None:
    sums = "select SKU, Date, sum(Qty) as Qty from data group by all"
    assert total(opened(tmp_path, table("SKU;Date;Qty", ["1,5", "784"]), "", sums)) == 785.5
    assert "'1.246' can be 1246 or 1.246" in refused(tmp_path, table("SKU,Date,Qty", ["1.246", "784"]), "", sums)


def test_columns_are_found_by_their_names_and_the_choice_is_said(tmp_path: Path) -> None:
    for head in ("Numero;Fecha;Cantidad", "Codice Articolo;Data;Quantità", "Artikel-Nr.;Verkaufsdatum;Verkaufte Menge"):
        text = table(head.replace("Numero", "Código"), range(12))
        assert total(opened(tmp_path, text)) == 66
    source = opened(tmp_path, "sku,date,qty,sales\nA,2024-01-07,1,9\nA,2024-01-14,2,9\n")
    assert [say(one) for one in source.assumed] == ["y is the column qty, and not sales"]
    assert "got foo, bar, baz" in refused(tmp_path, "foo,bar,baz\n1,2,3\n")


def test_ids_are_no_amounts_and_remedies_are_in_the_names_of_the_file(tmp_path: Path) -> None:
    """`X1` is an id and not 1 of something, in SQL too; what is advised runs as it is printed."""
    text = table("Artikel;Verkauft am;Menge;Size", [f"{y};L1" for y in range(12)], sku="X1")
    own = '[columns]\nds = "Verkauft am"\n'
    panel = opened(tmp_path, text, 'static = ["Size"]\n' + own, "select * from data").panel()
    assert (panel.unique_ids, panel.static["Size"].tolist()) == (["X1"], ["L1"])
    said = refused(tmp_path, text + ";2024-01-14;5;L1\n", own)
    advice = "select * from data where trim(Artikel::varchar) <> ''"
    assert said.endswith(f'--sql "{advice}"')
    assert total(opened(tmp_path, text + ";2024-01-14;5;L1\n", own, advice)) == 66
    said = refused(tmp_path, text.replace("2024-01-21", "2024-01-20"), own)  # a Saturday among Sundays
    advice = """select * replace (date_trunc('week', "Verkauft am")::date as "Verkauft am") from data"""
    assert advice.replace('"', '\\"') in said
    moved = opened(tmp_path, text.replace("2024-01-21", "2024-01-20"), own, advice).panel()
    assert (moved.offset, moved.past["y"].tolist()) == ("W-MON", list(range(12)))


def test_steps_that_are_no_calendar_can_be_summed_to_one(tmp_path: Path) -> None:
    days = [date(2024, 1, 1) + timedelta(days=10 * i) for i in range(12)]
    assert 'sum = true and freq = "M"' in refused(tmp_path, table("sku;date;units", [1] * 12, days))
    assert total(opened(tmp_path, table("sku;date;units", [1] * 12, days), sum=True, freq="M", last="keep")) == 12


def test_remarks_in_brackets_do_not_hide_a_column(tmp_path: Path) -> None:
    assert total(opened(tmp_path, table("SKU;Week;Units (pcs)", range(12)))) == 66
    text = table("SKU;Week;Menge (Stk);Menge [kg]", [f"{y};1" for y in range(12)])
    source = opened(tmp_path, text)
    assert (total(source), [say(one) for one in source.assumed]) == (
        66,
        ["y is the column Menge (Stk), and not Menge [kg]"],
    )


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook as Excel writes it, but small: text in place, numbers, and dates as numbers of a date's style."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def cell(value: object) -> str:
        if isinstance(value, date):
            return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        if isinstance(value, int | float):
            return f"<c><v>{value}</v></c>"
        return "<c/>" if value is None else f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in enumerate(sheets, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}<Relationship Id="s" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }  # fmt: skip
    for i, rows in enumerate(sheets.values(), 1):
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        parts[f"xl/worksheets/s{i}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return path


def test_workbooks(tmp_path: Path) -> None:
    body: list[list[object]] = [["007", day, 1.246] for day in WEEKS]
    sales = [["Sales 2024", None, None], ["SKU", "Datum", "Menge"], *body, ["Total", None, 14.952]]
    wide = [["Artikel", *WEEKS[:3]], ["A", 1, 2, 3], ["B", None, 5, 6]]
    path = workbook(tmp_path / "book.xlsx", {"Notes": [["hello"]], "Sales": sales, "Wide": wide})
    source = open_source(path)
    assert (source.unique_ids(), total(source)) == (["007"], pytest.approx(14.952))
    assert [day.date() for day in source.panel().past["ds"]] == WEEKS
    assert keys(source) == ["assumed-sheet", "assumed-title-rows", "assumed-footer"]
    assert total(open_source(f"{path}#Wide")) == 17
    with pytest.raises(InputError, match="no sheet 'Wilde'; did you mean Wide"):
        open_source(f"{path}#Wilde")


def test_a_clean_file_goes_without_saying(tmp_path: Path) -> None:
    assert opened(tmp_path, table("sku,date,units", range(12))).assumed == ()


def test_an_index_without_a_name_is_no_title() -> None:
    """As pandas writes a frame: the first cell of the header is empty."""
    rows = [["", "sku", "date", "units"], ["0", "A", "2024-01-01", "5"], ["1", "A", "2024-01-02", "6"]]
    assert header_row(rows) == 0
    titled = [["Report", "January", "", ""], ["sku", "date", "units", "price"], ["A", "2024-01-01", "5", "2"]]
    assert header_row(titled) == 1
    narrow = [["Report", "January", ""], ["sku", "date", "units"], ["A", "2024-01-01", "5"]]
    assert header_row(narrow) == 1
