"""The lexicon: products by words, misspelt, in the catalogue's Chinese, or in Chinese of an English catalogue."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process
from skucast.tools.data import lexicon
from skucast.tools.data.lexicon import HAN, Lexicon, chinese, english, pieces, plain, table
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.insight.catalogue import in_category, matches, one_product
from skucast.tools.messages import Refusal

ROOT = Path(__file__).parents[3]
GROCER = {
    "101": ("organic milk, 1 ga", "dairy"),
    "102": ("fluid milk white only", "dairy"),
    "103": ("cottage cheese 24 oz", "dairy"),
    "104": ("organic ice cream", "frozen novelties"),
    "105": ("potatoes russet", "potatoes"),
    "106": ("potato chips, 8 oz", "bag snacks"),
    "107": ("chocolate cookies", "cookies"),
    "108": ("chocolate candle", "gift"),
    "109": ("bath tissue, 12 ct", "paper"),
    "110": ("green tea 20 bags", "soft drinks"),
    "A1": ("frozen garlic bread", "bread"),
}
STALL = {
    "1": ("伊利纯牛奶250ml", "乳制品"),
    "2": ("酸辣粉", "方便食品"),
    "3": ("有机 鸡蛋", "生鲜"),
    "4": ("旺旺 rice crackers", "休闲零食"),
    "5": ("量贩装茶几", "家居"),
}


def panel_of(goods: dict[str, tuple[str, str]]) -> Panel:
    ds = pd.date_range("2024-01-07", periods=3, freq="W-SUN")
    rows = [(uid, day, 1.0, *told) for uid, told in goods.items() for day in ds]
    frame = pd.DataFrame(rows, columns=["unique_id", "ds", "y", "description", "category"])
    return read_panel(frame, PanelSchema(static=["description", "category"]))


@pytest.fixture(scope="module")
def grocer() -> Panel:
    return panel_of(GROCER)


@pytest.fixture(scope="module")
def stall() -> Panel:
    return panel_of(STALL)


def slow(panel: Panel, words: str) -> list[str]:
    """The slow twin: every product read anew, and the catalogue's spelling sought word by word."""
    bare = re.sub(r"^(sku|item|product|article|no|number|code)?[\s.:#-]*", "", words.strip(), flags=re.IGNORECASE)
    for name in (words.strip(), bare):
        if name in panel.unique_ids:
            return [name]
    texts = {uid: plain(" ".join(panel.static_of(uid).values())) for uid in panel.unique_ids}
    known = sorted({word for text in texts.values() for word in text.split()})

    def near(word: str) -> str:
        hit = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=80.0)
        return str(hit[0]) if hit and word not in known and len(word) > 3 and word.isalpha() else word

    wanted = plain(words).split()
    for asked in (wanted, [near(word) for word in wanted]):
        found = {uid: text for uid, text in texts.items() if wanted and set(asked) <= set(text.split())}
        if found:
            return [uid for *_, uid in process.extract(" ".join(asked), found, scorer=fuzz.token_set_ratio, limit=None)]
    cut = {"scorer": fuzz.token_set_ratio, "score_cutoff": 87.0, "limit": None}
    return [uid for *_, uid in process.extract(" ".join(wanted), texts, **cut)] if wanted else []


LATIN = sorted({word for told in GROCER.values() for text in told for word in text.split()})
SAID = [*LATIN, *GROCER, "sku 101", "no.", "the", "products", "mlk", "orgnic", "chese", "potatos", "tofu", "5%", ""]
SIGNS = sorted({sign for name in table() for sign in name})
SPOKEN = st.lists(st.sampled_from([*SAID, *table(), *SIGNS, "酸辣粉", "伊利", "旺旺"]), max_size=5)
PANELS = (panel_of(GROCER), panel_of(STALL))


@given(st.lists(st.sampled_from(SAID), max_size=4).map(" ".join))
def test_english_is_matched_as_by_the_slow_twin(words: str) -> None:
    assert sorted(matches(PANELS[0], words)) == sorted(slow(PANELS[0], words))


def test_the_product_with_the_fewest_other_words_comes_first() -> None:
    panel = panel_of(
        {"1": ("chocolate cookies with milk filling", "x"), "2": ("milk chocolate bar", "x"), "3": ("milk", "x")}
    )
    assert matches(panel, "milk") == ["3", "2", "1"]


@given(st.sampled_from(PANELS), SPOKEN, st.sampled_from(["", " "]))
def test_what_is_borne_is_matched_and_all_of_it_counts(panel: Panel, words: list[str], between: str) -> None:
    run, held = between.join(words), Lexicon.of(panel)
    found = held.matches(run)
    assert found or not held.bears(run)
    assert len(set(found)) == len(found) and set(found) <= set(panel.unique_ids)
    assert not held.bears(f"{run} 孔雀") and not held.bears(f"{run} unobtainium")


@pytest.mark.parametrize(
    "run", ["", " ", "the", "all of our products", "的", "所有产品", "这款 商品", "our 产品", "..."]
)
def test_nothing_and_filling_words_bear_nothing(grocer: Panel, stall: Panel, run: str) -> None:
    for panel in (grocer, stall):
        assert not Lexicon.of(panel).bears(run)
        assert Lexicon.of(panel).matches(run) == []


def test_a_run_is_borne_as_a_sku_or_by_all_of_its_words(grocer: Panel) -> None:
    held = Lexicon.of(grocer)
    for run in ("A1", "SKU 101", "milk", "orgnic milk", "milk organic", "the potatos", "有机牛奶", "所有 milk 产品"):
        assert held.bears(run), run
    for run in ("A2", "SKU 999", "organic bread", "unobtainium", "milk for next month", "下个月牛奶", "有机面包"):
        assert not held.bears(run), run


def test_bears_never_likens_whole_texts(grocer: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def listed(words: str, *rest: Any, **named: Any) -> list[Any]:
        asked.append(words)
        return []

    held = Lexicon(grocer)
    monkeypatch.setattr(lexicon.process, "extract", listed)
    for run in ("organic bread", "milk", "unobtainium", "orgnic mlk tofu", "有机面包", "SKU 999", "101"):
        held.bears(run)
    assert not asked
    assert held.matches("organic bread") == []
    assert asked == ["organic bread"]


def test_a_word_is_spelt_once_and_products_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    panel, spelt, read = panel_of(GROCER), [], []
    near, static_of = process.extractOne, Panel.static_of
    monkeypatch.setattr(lexicon.process, "extractOne", lambda word, *a, **k: spelt.append(word) or near(word, *a, **k))
    monkeypatch.setattr(Panel, "static_of", lambda self, uid: read.append(uid) or static_of(self, uid))
    for run in ("orgnic milk", "orgnic", "zzzz orgnic", "zzzz", "milk zzzz"):
        matches(panel, run)
        Lexicon.of(panel).bears(run)
    assert sorted(spelt) == ["orgnic", "zzzz"]
    assert read == panel.unique_ids


def test_each_panel_has_a_lexicon_of_its_own(grocer: Panel) -> None:
    some = grocer.select(["101", "A1"])
    assert Lexicon.of(grocer) is Lexicon.of(grocer)
    assert matches(some, "milk") == ["101"] and matches(grocer, "milk") == ["101", "102"]


def test_spellings_are_kept_up_to_a_bound(grocer: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "KEPT", 3)
    held = Lexicon(grocer)
    for at in range(20):
        held.bears("zzz" + chr(ord("a") + at))
    assert len(held._spelt) <= 3


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("牛奶", ["101", "102"]),
        ("有机牛奶", ["101"]),
        ("有机 牛奶", ["101"]),
        ("有机的牛奶产品", ["101"]),
        ("这款有机milk", ["101"]),
        ("冰淇淋", ["104"]),
        ("土豆", ["105", "106"]),  # potatoes, and their chips
        ("薯片", ["106"]),
        ("巧克力饼干", ["107"]),
        ("卫生纸", ["109"]),  # no product bears toilet paper, one bath tissue
        ("茶", ["110"]),
        ("SKU 101", ["101"]),
        ("有机面包", []),
        ("牛奶孔雀", []),
        ("孔雀", []),
        ("茶几", []),  # a coffee table is no tea
        ("milk 孔雀", []),
    ],
)
def test_chinese_is_read_where_the_catalogue_is_english(grocer: Panel, words: str, found: list[str]) -> None:
    assert matches(grocer, words) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("牛奶", ["1"]),
        ("伊利", ["1"]),
        ("纯牛奶 250ml", ["1"]),
        ("伊利纯牛奶250ml", ["1"]),
        ("所有酸辣粉产品", ["2"]),
        ("有机鸡蛋", ["3"]),
        ("旺旺饼干", ["4"]),  # its own Chinese, and its English by the table
        ("零食", ["4"]),
        ("茶几", ["5"]),
        ("量", []),  # a lone sign within a longer name
        ("伊利鸡蛋", []),
        ("孔雀", []),
    ],
)
def test_a_catalogues_own_chinese_goes_first(stall: Panel, words: str, found: list[str]) -> None:
    assert matches(stall, words) == found


def test_chinese_misspelt_is_near_the_catalogues_own() -> None:
    panel = panel_of({"1": ("蒙牛特仑苏纯牛奶", "乳制品"), "2": ("milk", "dairy")})
    assert matches(panel, "蒙牛特伦苏纯牛奶") == ["1"]
    assert matches(panel, "milk 孔雀") == []


def test_names_of_categories(grocer: Panel, stall: Panel) -> None:
    assert in_category(grocer, "乳制品") == in_category(grocer, "奶制品类") == ["101", "102", "103"]
    assert in_category(grocer, "零食") == ["106"]
    assert in_category(grocer, "所有饮料") == ["110"]  # no beverages here, but drinks
    assert in_category(stall, "乳制品") == ["1"]
    assert in_category(stall, "零食类") == ["4"]
    for panel, name in ((grocer, "孔雀"), (grocer, "牛奶孔雀"), (grocer, "所有产品"), (stall, "孔雀")):
        with pytest.raises(Refusal, match="no-category"):
            in_category(panel, name)


def test_products_are_found_and_asked_back_in_chinese(grocer: Panel) -> None:
    assert matches(grocer, "有机牛奶") == ["101"]
    assert one_product(grocer, "巧克力饼干") == "107"
    with pytest.raises(Refusal, match=r"several-products .*count=2"):
        one_product(grocer, "牛奶")


def test_a_run_is_cut_longest_first() -> None:
    assert [part for part, _ in pieces("有机巧克力牛奶")] == ["有机", "巧克力牛奶"]
    assert list(pieces("孔雀的牛奶")) == [("孔雀", ()), ("牛奶", ("milk",))]
    assert not list(pieces("所有的产品"))
    assert english("有机牛奶") == ["organic milk"]
    assert english("有机 yogurt drinks") == ["organic yogurt drink"]
    assert english("牛奶孔雀") == english("milk") == english("") == english("产品") == []
    assert chinese("所有 milk 牛奶产品") == "牛奶"


@given(st.lists(st.sampled_from([*table(), "孔", "雀"]), max_size=30).map("".join))
def test_a_cut_leaves_nothing_out_but_filling_words(run: str) -> None:
    cut = list(pieces(run))
    rest = run
    for part, choices in cut:
        before, part, rest = rest.partition(part)
        assert part and not list(pieces(before)) and choices == table().get(part, ())
    assert not list(pieces(rest))


def test_a_long_list_of_goods_ends_soon(grocer: Panel) -> None:
    assert matches(grocer, "".join(name for name, said in table().items() if len(said) > 1)) == []
    assert len(english("饼干纸巾杯子薯片饮料软饮" * 5)) == lexicon.TRIES


def test_the_table_is_chinese_and_each_choice_says_something() -> None:
    told = tomllib.loads((ROOT / "tools" / "data" / "words_zh.toml").read_text(encoding="utf-8"))
    assert not set(told["filling"]) & set(told["words"])
    assert all(HAN.fullmatch(name) for name in table())
    for name, said in told["words"].items():
        choices = [said] if isinstance(said, str) else said
        bare = [plain(choice) for choice in choices]
        assert all(bare) and len(set(bare)) == len(bare), name
        assert not any(HAN.search(choice) for choice in choices), name


def test_the_table_travels_with_the_package() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    assert "*.toml" in packed["skucast.tools.data"]


def test_a_group_goes_by_its_own_name_before_one_like_it() -> None:
    rows = {f"C{at}": ("brie", "cheese") for at in range(4)} | {
        "D1": ("gouda", "cheeses"),
        "P1": ("margherita", "pizza"),
    }
    held = Lexicon(panel_of(rows))
    assert held.members("cheese") == ("category", "cheese")
    assert held.members("Cheeses") == ("category", "cheeses")
    assert held.members("chese") == ("category", "cheese")  # the bigger of two alike


def test_words_that_are_a_groups_alone() -> None:
    rows = {"P1": ("margherita", "frozen pizza"), "P2": ("salami", "frozen pizza"), "E1": ("large eggs", "eggs")}
    held = Lexicon(panel_of(rows))
    assert held.of_groups_alone("frozen pizza")
    assert not held.of_groups_alone("eggs")  # a product's own words, too: which one is asked
    assert not held.of_groups_alone("pizza") and not held.of_groups_alone("tea")


@pytest.mark.parametrize(
    ("short", "word", "so"),
    [
        ("dz", "dozen", True),
        ("drnk", "drink", True),
        ("milk", "milk", True),
        ("12", "1234", False),
        ("ct", "case", False),
    ],
)
def test_short_forms(short: str, word: str, so: bool) -> None:
    assert lexicon.short_for(short, word) is so
