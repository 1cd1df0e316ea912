"""What a report says, in both languages: every message of its files is said, and no figure changes on the way."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk
from skucast.prompts.messages.say import ENGLISH, FOLDER, languages, say, say_all, say_fact
from skucast.tools.messages import Exact, Fact, Message, Money, Percent, Score, Times, Units, message

from .test_say import variables

FIGURE = re.compile(r"\d(?:[\d,.-]*\d)?")
SUBJECTS = ("drivers", "warnings", "report")  # the files whose every message is said here
Facts = dict[str, Fact]


def _body(path: Path) -> list[object]:
    return list(FluentParser().parse(path.read_text(encoding="utf-8")).body)


def test_every_language_has_the_same_files_and_no_key_stands_twice() -> None:
    for lang in languages():
        files = {path.stem: list(variables(path)) for path in (FOLDER / lang).glob("*.ftl")}
        assert set(files) == {path.stem for path in (FOLDER / ENGLISH).glob("*.ftl")}
        junk = [entry for path in (FOLDER / lang).glob("*.ftl") for entry in _body(path) if isinstance(entry, Junk)]
        assert junk == []  # what is no message would be passed over without a word
        keys = Counter(key for some in files.values() for key in some)
        assert [key for key, count in keys.items() if count > 1] == []


WEEKS = message("periods-W", count=4)
KINDS: Facts = {  # a fact of each name, of its kind
    "period": message("period-M"),
    "unit": message("unit-W"),
    "span": WEEKS,
    **dict.fromkeys(["recent_mean", "forecast_mean", "last_year", "promoted_mean", "other_mean"], Units(1234)),
    **dict.fromkeys(["lost_units", "lost_q0.1", "lost_q0.9", "loss_llm", "loss_base"], Units(0.123)),
    **dict.fromkeys(["total_median", "total_q0.1", "total_q0.9"], Units(45.6)),
    **dict.fromkeys(["change_percent", "planned_percent", "usual_percent", "zero_percent", "percent"], Percent(12)),
    **dict.fromkeys(["weight_percent", "witness_percent"], Percent(34)),
    **dict.fromkeys(["planned_price", "usual_price"], Money(2.5)),
    **dict.fromkeys(["periods", "periods_before", "horizon", "planned_periods", "with_coupon", "out_of_stock"], 8),
    **dict.fromkeys(["promoted_periods", "other_periods", "missing", "known", "items", "days", "numbers"], 5),
    **dict.fromkeys(["deal_periods", "deals_before", "years", "alike", "partly"], 3),
    **dict.fromkeys(["deal_percent", "best_change", "worst_change"], Percent(56)),
    "best_times": Times(5),
    "best_way": "up",
    "best": "A17",
    "worst": "A17",
    "off": "yes",
    "turn": "up",
    "interval": 80,
    "count": 7,
    "most": 28,
    "correlation": Score(0.25),
    "end": date(2024, 1, 7),
    "date": date(2024, 1, 14),
    **dict.fromkeys(["old", "new", "units"], Units(80)),
    "cutoff": date(2024, 1, 7),
    "seconds": Times(2.04),
    "budget": Exact(1e-09),
    "times": Times(2),
    "score": Score(0.8),
    "sku": "A17",
    "model": "AutoETS",
    "engine": "hf:local",
    "why": "no connection",
    "stands": message("stands-ensemble"),
    "label": "brand",
    "first": "type",
    "second": "size",
    "members": ("AutoETS", "TSB"),
    "reasons": (message("alike-labels", labels=("brand",)), message("alike-text", score=Score(0.8))),
    "alike": (message("alike-item", sku="A17"), message("alike-item", sku="B2")),
}
CASES = [
    (key, {**{name: KINDS[name] for name in KINDS if name.replace(".", "_") in names}, **way})
    for subject in SUBJECTS
    for key, names in variables(FOLDER / ENGLISH / f"{subject}.ftl").items()
    for way in ([{"way": one} for one in ("up", "down", "same", "none")] if "way" in names else [{}])
    if key != "driver-level" or way
]


@pytest.mark.parametrize(("key", "facts"), CASES, ids=[f"{key} {facts.get('way', '')}" for key, facts in CASES])
def test_no_figure_or_name_changes_from_language_to_language(key: str, facts: Facts) -> None:
    here, there = (say(Message(key, facts), lang) for lang in ("en", "zh"))
    assert here != there or re.fullmatch(r"\W*|A17", here)
    assert Counter(FIGURE.findall(here)) == Counter(FIGURE.findall(there))
    assert re.search(r"[一-鿿]", there) or re.fullmatch(r"\W*|A17（.*）|A17", there)
    for name in ("AutoETS", "A17", "hf:local", "no connection"):
        assert (name in here) == (name in there)


def test_by_hand() -> None:
    forecast = Message(
        "evidence-forecast",
        {"total_median": Units(451), "total_q0.1": Units(201), "total_q0.9": Units(821), "interval": 80, "span": WEEKS},
    )
    assert say(forecast) == "Forecast: 451 units in total over 4 weeks, likely between 201 and 821 (80 % interval)."
    assert say(forecast, "zh") == "预测：4 周共 451 件，很可能在 201 到 821 件之间（80% 预测区间）。"
    one = message("driver-outlook", forecast_mean=Units(30), period=message("period-M"), way="down")
    one = Message(one.key, {**one.facts, "change_percent": Percent(5)})
    assert say(one, "zh") == "预测为每月 30 件，比近期销量低 5%。"
    assert say_all([one, one], "zh") == "预测为每月 30 件，比近期销量低 5%。" * 2
    assert say_all([one, one]) == " ".join([say(one)] * 2)
    assert say(message("warning-ended", end=date(2024, 1, 7), days=1234)).startswith("sales end on 2024-01-07, 1234 d")


@pytest.mark.parametrize(
    ("known", "items", "english", "chinese"),
    [
        (0, 1, "no period is known: forecast from 1 similar item,", "没有任何已知时段：根据 1 个相似产品预测，"),
        (1, 2, "only 1 period known: forecast from 2 similar items,", "仅有 1 个已知时段：根据 2 个相似产品预测，"),
        (3, 50, "only 3 periods known: forecast from 50 similar items,", "仅有 3 个已知时段：根据 50 个相似产品预测，"),
    ],
)
def test_a_cold_start_by_hand(known: int, items: int, english: str, chinese: str) -> None:
    why = (message("alike-labels", labels=("type", "size")), message("alike-price-within", percent=Percent(12)))
    tea = message("alike-item-why", sku="tea", why=message("alike", reasons=why))
    made = message("warning-cold-start", known=known, items=items, alike=(tea, message("alike-item", sku="mug")))
    assert say(made) == f"{english} with wide bands; most alike: tea (same type and size, price within 12 %); mug"
    assert say(made, "zh") == f"{chinese}区间较宽；最相似的是：tea（type、size 相同，价格相差不超过 12%）；mug"


def test_numbers_are_shown_by_their_kind() -> None:
    assert [say_fact(Units(value)) for value in (1234.5, 99.96, 12.34, 0.1234, 0.0)] == [
        *("1,234", "100", "12.3", "0.123", "0")
    ]
    shown = [say_fact(value) for value in (Percent(2.5), Money(2), Score(0.805), Times(2), Exact(1e-9), 1234)]
    assert shown == ["2", "2.00", "0.81", "2.0", "1e-09", "1234"]


def test_what_cannot_be_said() -> None:
    with pytest.raises(KeyError, match="no message 'nothing' in 'zh'"):
        say(message("nothing"), "zh")
    with pytest.raises(KeyError, match="driver-coupon"):
        say(message("driver-coupon"))
