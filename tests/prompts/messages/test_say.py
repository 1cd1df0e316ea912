"""What the data check and the chat say, in both languages: every message, and a few sentences letter by letter."""

import re
from pathlib import Path

import pandas as pd
import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message as Entry
from fluent.syntax.ast import VariableReference
from fluent.syntax.visitor import Visitor
from skucast.prompts.messages.say import FOLDER, check_language, languages, say, say_all, say_error, say_fact
from skucast.tools.data.freq import Freq, span_of
from skucast.tools.data.health import checks
from skucast.tools.data.panel import Grid
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.messages import (
    Count,
    Fact,
    Message,
    ProductName,
    Quoted,
    Refusal,
    Times,
    Units,
    hint,
    message,
    shown,
)


class _Variables(Visitor):
    """The names of the facts that a message uses."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802  named by the library
        self.names.add(node.id.name)


def variables(path: Path) -> dict[str, set[str]]:
    """Each message of a file with the facts that it uses."""
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
        if isinstance(entry, Entry):
            visitor = _Variables()
            visitor.visit(entry)
            found[entry.id.name] = visitor.names
    return found


@pytest.mark.parametrize("subject", sorted(path.stem for path in (FOLDER / "en").glob("*.ftl")))
def test_every_language_says_the_same_of_the_same_facts(subject: str) -> None:
    english = variables(FOLDER / "en" / f"{subject}.ftl")
    shared = {name: names for name, names in english.items() if not name.endswith("-separator")}
    for lang in languages()[1:]:
        there = variables(FOLDER / lang / f"{subject}.ftl")
        assert {name: names for name, names in there.items() if not name.endswith("-separator")} == shared


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("offset", ["D", "W-SUN", "MS", "ME"])
def test_every_finding_can_be_said(offset: str, lang: str) -> None:
    schema = PanelSchema(past_only=["stock", "price"], static=["category"])
    for check in checks(schema, Grid(offset)):
        for uid, example in (("A 1", ""), ("A 1", "2024-01-07"), (None, "2024-01-07"), (None, "")):
            text = say(check.message(1234, 7, uid, example), lang)
            assert "1,234" in text and text.count("'A 1'") == (uid is not None)


def finding(kind: str, schema: PanelSchema, grid: Grid, *case: str) -> Message:
    check = next(one for one in checks(schema, grid) if one.kind == kind)
    return check.message(1, 1, *case)


SAID = [
    (
        finding("gaps", PanelSchema(), Grid("W-SUN"), "d", "2024-01-14"),
        "weeks have no row: 1 period of 1 series, first 'd' 2024-01-14; expected one row a week; "
        'declare missing = "zero" (no row = no sale) or missing = "keep" (not known) in the schema',
        "有些周没有数据行：1 个序列共 1 个时段，例如 'd' 2024-01-14；每周应有一行；"
        '请在 schema 中声明 missing = "zero"（没有行即没有销售）或 missing = "keep"（未知）',
    ),
    (
        finding("ended", PanelSchema(), Grid("MS"), "it's", "2024-03-01"),
        "sales end before the panel's last month: 1 period of 1 series, first \"it's\" ends 2024-03-01; "
        "its forecast starts at its own end",
        '销售早于数据的最后一月结束：1 个序列共 1 个时段，例如 "it\'s" 止于 2024-03-01；其预测从它自己的终点开始',
    ),
    (
        finding("off_grid", PanelSchema(), Grid("W-SUN"), "b", "2024-01-08"),
        "dates are off the weekly rhythm: 1 row of 1 series, first 'b' 2024-01-08 (Monday); expected weekly dates on "
        "one weekday (Sunday, as most rows have); move each date to the first "
        'day of its period with --sql ""; sum the rows of each week of the calendar with sum = true and freq = "W" in '
        "the schema; one without a row is then 0",
        "日期不符合按周的节奏：1 个序列共 1 行，例如 'b' 2024-01-08（星期一）；"
        "应为每周同一天的日期（星期日，与大多数行相同）；"
        '可用 --sql "" 将每个日期移到其时段的第一天；'
        '可在模式中声明 sum = true 和 freq = "W"，按日历的每周汇总；没有行的时段则为 0',
    ),
    (
        message("horizon-not-whole", words=Quoted("9d"), period=message("period-M"), periods=message("several-M")),
        "horizon '9d': no whole number of months, and the data is one a month; "
        "expected a count of periods (4) or days, weeks or months (28d, 4w, 1m)",
        "预测期 '9d'：不是整数个月，而数据按月记录；应为时段数（4）或天、周、月数（28d、4w、1m）",
    ),
    (hint("abx", ["abc", "xyz"]), "did you mean abc?", "您是不是要找：abc？"),
    (hint("q", ["b", "a", "d", "c"]), "valid choices: a, b, c, …", "可选：a, b, c, …"),
    (hint("q", ["b", "a"]), "valid choices: a, b", "可选：a, b"),
    (hint("q", []), "there are no valid choices", "没有可选项"),
    (
        message(
            "alike",
            reasons=(
                message("alike-labels", labels=("type", "size")),
                message("alike-price-apart", times=Times(2)),
            ),
        ),
        "same type and size, price apart 2.0 times",
        "type、size 相同，价格相差 2.0 倍",
    ),
    (
        message("chat-welcome", count=Count(1677), cutoff="2024-01-07"),
        "1,677 products, sales to 2024-01-07. Say help for what I can do.",
        "1,677 个产品，销量数据截至 2024-01-07。输入 help 看看我能做什么。",
    ),
]


@pytest.mark.parametrize(("one", "english", "chinese"), SAID, ids=[one.key for one, *_ in SAID])
def test_by_hand(one: Message, english: str, chinese: str) -> None:
    assert (say(one), say(one, "zh")) == (english, chinese)


def test_a_refusal_is_one_line_whatever_stands_in_the_data() -> None:
    error = Refusal("data-refused", source="a  b.csv", why=message("found-stock_out", column="in\nstock"))
    assert say_error(error) == "a b.csv: in stock is 0, so sales may be below demand"


def test_no_key_stands_twice_and_no_language_has_a_file_of_its_own() -> None:
    for lang in languages():
        files = sorted((FOLDER / lang).glob("*.ftl"))
        assert [path.name for path in files] == sorted(path.name for path in (FOLDER / "en").glob("*.ftl"))
        keys = [key for path in files for key in variables(path)]
        assert len(keys) == len(set(keys))


def test_products_stand_by_their_sku_where_names_may_not_be_shown() -> None:
    one = message("similar-items-table", product=ProductName("7", "oat milk"))
    assert say(one) == "like SKU 7 (oat milk)"
    assert say(one, names=False) == "like SKU 7"


@pytest.mark.parametrize(
    ("ds", "freq", "english", "chinese"),
    [
        ("2017-12-10", "W", "4–10 Dec 2017", "2017年12月4日–10日"),
        ("2017-09-03", "W", "28 Aug – 3 Sept 2017", "2017年8月28日 – 9月3日"),
        ("2018-01-03", "W", "28 Dec 2017 – 3 Jan 2018", "2017年12月28日 – 2018年1月3日"),
        ("2018-01-01", "W", "1–7 Jan 2018", "2018年1月1日–7日"),  # dated on a Monday: its first day
        ("2017-12-10", "2W", "27 Nov – 10 Dec 2017", "2017年11月27日 – 12月10日"),
        ("2017-12-10", "4W", "13 Nov – 10 Dec 2017", "2017年11月13日 – 12月10日"),
        ("2017-12-03", "D", "3 Dec 2017", "2017年12月3日"),
        ("2017-12-04", "D", "4 Dec 2017", "2017年12月4日"),
        ("2017-12-01", "M", "December 2017", "2017年12月"),
        ("2016-02-29", "M", "February 2016", "2016年2月"),
    ],
)
def test_periods_by_their_days(ds: str, freq: Freq, english: str, chinese: str) -> None:
    span = span_of(pd.Timestamp(ds), freq)
    assert (say_fact(span), say_fact(span, "zh")) == (english, chinese)


def test_a_period_as_it_is_kept() -> None:
    assert shown(span_of(pd.Timestamp("2017-09-03"), "W")) == "2017-08-28/2017-09-03"
    assert shown(span_of(pd.Timestamp("2017-09-03"), "D")) == "2017-09-03"


def test_what_a_language_lacks_is_no_silence() -> None:
    with pytest.raises(InputError, match="language 'fr': not known; valid choices: en, zh"):
        check_language("fr")
    with pytest.raises(KeyError, match="no message 'nothing-like-it'"):
        say(message("nothing-like-it"))
    with pytest.raises(KeyError, match="compare-best"):
        say(message("compare-best"))


def test_sentences_in_chinese_stand_without_spaces() -> None:
    twice = [message("what-if-no-effect")] * 2
    assert say_all(twice) == " ".join(["This is how like cases sold in the data, not a proven effect."] * 2)
    assert say_all(twice, "zh") == "这是数据中类似情形的销售表现，并非已证实的效果。" * 2


@pytest.mark.parametrize(
    ("key", "facts", "said"),
    [
        (
            "chat-welcome",
            {"count": Count(1), "cutoff": "today"},
            "1 product, sales to today. Say help for what I can do.",
        ),
        ("events-twice", {"count": Count(1)}, "1 row that stands there twice is dropped"),
        ("events-twice", {"count": Count(1200)}, "1,200 rows that stand there twice are dropped"),
        ("orders-first-order", {"product": "A", "units": Units(1.0)}, "A 1 unit"),
        ("orders-first-order", {"product": "A", "units": Units(1.5)}, "A 1.5 units"),
        ("orders-first-order", {"product": "A", "units": Units(0.0)}, "A 0 units"),
        ("orders-dead", {"units": Units(1.0)}, "1 unit is in stock and has not sold of late."),
    ],
)
def test_one_is_no_plural(key: str, facts: dict[str, Fact], said: str) -> None:
    assert say(Message(key, facts)) == said


def test_no_english_message_puts_a_count_before_a_plural_unasked() -> None:
    """A count or quantity whose noun bends is said by NOUN, or chosen by [one]."""
    unasked = re.compile(
        r"\{ \$(count|units|rows) \} (products|rows|units|series are|periods|groups|suppliers|notes)\b"
    )
    for path in sorted((FOLDER / "en").glob("*.ftl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert path.stem == "drivers" or line.lstrip().startswith(("*[", "[")) or not unasked.search(line), line


def test_a_fact_without_end_is_shortened() -> None:
    said = say(message("horizon-unknown", words=Quoted("x" * 10_000)))
    assert "xx…" in said and 890 < said.count("x") < 910
