"""What stands in a pattern's slots: products, horizons, counts and the like, as people say them, and what is meant."""

import re
from functools import cache
from typing import Any

import numpy as np

from ...prompts.reading.months import NAMES as MONTHS
from ...tools.data.lexicon import table
from ..retailer.words import CATALOGUE

Rng = np.random.Generator
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"]
UNITS = {
    "d": ("day", "days", "d"),
    "w": ("week", "weeks", "wk", "wks", "w"),
    "m": ("month", "months", "mth", "mths", "m"),
}
FIXED = {  # horizons that people have a word for
    "next week": "1w",
    "next month": "1m",
    "the coming month": "1m",
    "next quarter": "3m",
    "the coming quarter": "3m",
    "next year": "12m",
    "the next fortnight": "2w",
    "the coming week": "1w",
}
NOUNS = {"a week": "1w", "a month": "1m", "a fortnight": "2w", "a quarter": "3m", "half a year": "6m", "a year": "12m"}
SEEN_CHINESE = {
    "下周": "1w",
    "下个月": "1m",
    "未来四周": "4w",
    "未来8周": "8w",
    "未来三个月": "3m",
    "接下来两周": "2w",
    "下季度": "3m",
}
CHINESE_NAMES = 0.7  # share of names in a Chinese sentence that are Chinese
CHINESE_UNITS = {"d": "天", "w": "周", "m": "个月"}
TOPICS = [
    "coupon",
    "coupons",
    "campaign",
    "campaigns",
    "mailer",
    "mailers",
    "display",
    "displays",
    "news",
    "reviews",
    "customer reviews",
    "competitor prices",
    "competitors",
    "supplier notes",
    "buyer notes",
    "price war",
    "recall",
    "new store",
    "packaging change",
    "delisting",
    "weather warning",
    "trade promotion",
    "tv advert",
    "loyalty offer",
    "customer complaints",
    "shortage",
    "strike",
    "private label",
    "launch",
    "seasonal campaign",
]
ADJECTIVES = [
    "organic",
    "frozen",
    "fresh",
    "large",
    "small",
    "own brand",
    "low fat",
    "family size",
    "diet",
    "natural",
    "sliced",
    "whole",
]


def pick(rng: Rng, choices: Any) -> Any:
    """One of these."""
    return choices[int(rng.integers(len(choices)))]


def sku(rng: Rng) -> str:
    """A stock number as some system writes it."""
    digits = "".join(str(d) for d in rng.integers(0, 10, int(rng.integers(4, 9)))).lstrip("0") or "7"
    kind = rng.random()
    if kind < 0.7:
        return digits
    letters = "".join(chr(int(c)) for c in rng.integers(65, 91, int(rng.integers(1, 4))))
    return digits[:5] + letters[0] if kind < 0.85 else f"{letters}-{digits[:4]}"


@cache
def _in_chinese() -> list[str]:
    """The Chinese names of products that the catalogue's search knows."""
    return [word for word, english in table().items() if english]


def name(rng: Rng, chinese: bool = False) -> str:
    """A product in a person's words: a noun, with a variety, a size or an adjective."""
    if chinese and rng.random() < CHINESE_NAMES:
        return "".join(pick(rng, _in_chinese()) for _ in range(2 if rng.random() < 0.2 else 1))
    row = CATALOGUE.iloc[int(rng.integers(len(CATALOGUE)))]
    noun = pick(rng, row["noun"])
    parts = [noun]
    if rng.random() < 0.45:
        parts.insert(0, pick(rng, row["variety"]))
    if rng.random() < 0.15:
        parts.insert(0, pick(rng, ADJECTIVES))
    if rng.random() < 0.15:
        parts.append(pick(rng, row["size"]))
    return " ".join(parts)


def _product(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    text, value = product(rng, chinese)
    return text, {"product": value}


def product(rng: Rng, chinese: bool = False) -> tuple[str, str]:
    """A product as it is written, and what is meant."""
    if rng.random() < 0.5:
        value = sku(rng)
        if chinese:
            return pick(rng, ("商品{}", "SKU {}", "{}", "编号{}", "产品 {}")).format(value), value
        shapes: tuple[str, ...] = (
            "{}",
            "{}",
            "SKU {}",
            "sku {}",
            "SKU{}",
            "sku:{}",
            "#{}",
            "item {}",
            "item no. {}",
            "product {}",
        )
        shapes += ("article {}", "item #{}", "no {}", "SKU-{}", "prod. {}", "item number {}", "'{}'", "code {}", "{}")
        shape = pick(rng, shapes)
        return (shape if value[0].isdigit() else shape.replace("SKU{}", "SKU {}")).format(value), value
    value = name(rng, chinese)
    forms = ("{}", "{}", "{}", "the {}", "our {}", '"{}"', "'{}'", "the product {}", "{} product")
    return (value if chinese else pick(rng, forms).format(value if rng.random() < 0.8 else value.title())), value


def _products(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    some = [product(rng, chinese) for _ in range(2 if rng.random() < 0.7 else 3)]
    names = [one for one, _ in some]
    joint = "和" if chinese else pick(rng, (" and ", " and ", " with ", " vs ", " & ", " against "))
    text = (
        joint.join(names) if len(names) == 2 else f"{names[0]}, {names[1]}{' and ' if not chinese else '和'}{names[2]}"
    )
    return text, {"products": [value for _, value in some]}


def _count(rng: Rng, most: int = 12) -> tuple[str, int]:
    n = int(rng.integers(1, most + 1))
    return (NUMBERS[n - 1] if n <= 12 and rng.random() < 0.35 else str(n)), n


def _span(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    if chinese:
        n = int(rng.integers(1, 13))
        unit = pick(rng, "dwm")
        return f"{n}{CHINESE_UNITS[unit]}", {"horizon": f"{n}{unit}"}
    if rng.random() < 0.2:
        text = pick(rng, list(NOUNS))
        return text, {"horizon": NOUNS[text]}
    unit = pick(rng, ["w", "w", "w", "m", "m", "d"])
    word, n = _count(rng, {"d": 90, "w": 26, "m": 12}[unit])
    forms = UNITS[unit]
    if word.isdigit() and rng.random() < 0.25:
        return f"{n}{pick(rng, (forms[-1], ' ' + forms[2]))}", {"horizon": f"{n}{unit}"}
    return f"{word} {forms[0] if n == 1 else forms[1]}", {"horizon": f"{n}{unit}"}


def _horizon(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    if chinese:
        if rng.random() < 0.4:
            text, value = _span(rng, True)
            return pick(rng, ("未来", "接下来", "今后", "后面", "往后")) + text, value
        text = pick(rng, list(SEEN_CHINESE))
        return text, {"horizon": SEEN_CHINESE[text]}
    if rng.random() < 0.45:
        text = pick(rng, list(FIXED))
        value = {"horizon": FIXED[text]}
        return (f"{pick(rng, ('over', 'for', 'in'))} {text}" if text.startswith("the ") else text), value
    text, value = _span(rng, False)
    text = re.sub(r"^an? ", "", text)
    lead = (
        "over the next",
        "over the coming",
        "in the next",
        "for the next",
        "for",
        "within the next",
        "next",
        "during the coming",
        "the next",
        "the coming",
        "nxt",
    )
    return f"{pick(rng, lead)} {text}", value


def _limit(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    word, n = _count(rng, 20)
    return word, {"limit": n}


def _back(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    if chinese:
        n = int(rng.integers(2, 30))
        return f"{n}周", {"periods": n}
    word, n = _count(rng, 52)
    return f"{word} {'week' if n == 1 else 'weeks'}", {"periods": n}


def _percent(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    n: float = int(rng.integers(1, 13)) * 5 if rng.random() < 0.7 else int(rng.integers(1, 50))
    if rng.random() < 0.06:
        n += 0.5
    text = f"{n:g}{pick(rng, ('%', '%', ' %', ' percent', ' per cent', ' pct'))}"
    if n in (5, 10) and rng.random() < 0.2:
        text = {5: "five", 10: "ten"}[int(n)] + pick(rng, (" percent", " per cent", " %"))
    return text, {"price_change_percent": n}


def _weeks(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    n = int(rng.integers(1, 7))
    if chinese:
        return f"第{n}周", {"periods": [n]}
    kind = rng.random()
    if kind < 0.4:
        return f"in week {n}", {"periods": [n]}
    if kind < 0.6:
        return f"in the {ORDINALS[n - 1]} week", {"periods": [n]}
    m = int(rng.integers(2, 5))
    if kind < 0.75:
        return f"in the first {NUMBERS[m - 1]} weeks", {"periods": list(range(1, m + 1))}
    if kind < 0.9:
        return f"in weeks {n} and {n + 1}", {"periods": [n, n + 1]}
    return f"in weeks {n} to {n + m}", {"periods": list(range(n, n + m + 1))}


def _onhand(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    n = int(rng.integers(0, 60)) * 5 if rng.random() < 0.6 else int(rng.integers(0, 3000))
    text = f"{n:,}" if rng.random() < 0.4 else str(n)
    return text + pick(rng, ("", " units", " pieces", " pcs", " cases")), {"on_hand": n}


def _lead(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    word, n = _count(rng, 8)
    return (f"{n}周" if chinese else f"{word} {'week' if n == 1 else 'weeks'}"), {"lead_time": n}


def _as_late(said: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return said[0], {"late": said[1]["lead_time"]}


def _level(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    n = pick(rng, (80, 85, 90, 92, 95, 97, 98, 99, 99.5))
    return f"{n:g}{pick(rng, ('%', ' %', ' percent', ' per cent'))}", {"service_level": n}


def _windows(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    word, n = _count(rng, 8)
    return word, {"windows": n}


def _category(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    if chinese and rng.random() < CHINESE_NAMES:
        value = pick(rng, _in_chinese())
        return value, {"category": value}
    value = pick(rng, list(CATALOGUE["category"]))
    return value if rng.random() < 0.8 else f'"{value}"', {"category": value}


def _query(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    if chinese:
        value = pick(rng, ("促销活动", "优惠券", "竞争对手", "评论", "新闻"))
        return value, {"query": value}
    value = pick(rng, TOPICS)
    return value, {"query": value}


def _words(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    value = name(rng, chinese) if rng.random() < 0.7 else pick(rng, list(CATALOGUE["category"]))
    return value, {"words": value}


def _month(rng: Rng, chinese: bool) -> tuple[str, dict[str, Any]]:
    n = int(rng.integers(1, 13))
    if chinese:
        return f"{n}月", {"during": f"{n:02d}"}
    if rng.random() < 0.2:
        quarter = (n + 2) // 3
        return f"Q{quarter}", {"during": f"Q{quarter}"}
    name = MONTHS[n - 1]
    return (name.title() if rng.random() < 0.6 else name), {"during": f"{n:02d}"}


def _number(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    return str(int(rng.integers(1, 100))), {}


def _customer(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    n = str(int(rng.integers(1, 2500)))
    return n, {"customer": n}


def _units(rng: Rng, _: bool) -> tuple[str, dict[str, Any]]:
    n = int(rng.integers(1, 60)) * 10
    return str(n), {"units": n}


FILLERS = {
    "units": _units,
    "customer": _customer,
    "product": _product,
    "products": _products,
    "category": _category,
    "horizon": _horizon,
    "span": _span,
    "days": _span,
    "limit": _limit,
    "back": _back,
    "percent": _percent,
    "weeks": _weeks,
    "onhand": _onhand,
    "lead": _lead,
    "late": lambda rng, chinese: _as_late(_lead(rng, chinese)),
    "level": _level,
    "windows": _windows,
    "query": _query,
    "words": _words,
    "month": _month,
    "number": _number,
}
