"""Shares in per cent, changes of a price, and promotions that a text in lower case speaks of."""

import re

from ...tools.data.lexicon import HAN
from .numbers import COUNT, COUNTED, number

_SHARE = r"(?:%|％|pct(?![a-z])|per ?cent(?![a-z])|pc\b)"
PER_CENT = re.compile(
    rf"(?P<sign>[-–+−])?(?<![\d.])(?P<digits>\d{{1,3}}(?:\.\d+)?) ?{_SHARE}|\b(?P<words>{COUNT})[ -]{_SHARE}"
)
PARTS = {"half": 50, "一半": 50, "quarter": 25, "third": 33, "fifth": 20, "tenth": 10}
MANIFOLD = {"doubl": 100, "twice": 100, "翻": 100, "一倍": 100, "tripl": 200}  # per cent more
MULTIPLE = re.compile(
    r"\b(doubl|tripl)(?:ed?|ing)? (?:its |the |our )?pric|\bpric\w* (?:is |was |be )?(doubl|tripl)(?:ed?|es|ing)\b"
    r"|\b(twice) (?:its |the |our |as )?(?:pric|expensive|dear|much)|[涨提]价?(?:了|上)?(一倍)|价格?(翻)(?:一?番|一?倍)"
)
_OF_PRICE = r"(?:off|less|more|cheaper|dearer|lower|higher|down|up|discount|reduc)"
PART = re.compile(
    r"\b(?:half[ -](?:the )?price|half off|price (?:is |was )?(?:halved|in half)|halv(?:e|ing) the price"
    r"|cost(?:s|ing)? half)\b|半价|对折"
    rf"|\b(?:a|one) (?P<part>third|fifth|tenth|quarter)(?= {_OF_PRICE})"
    r"|\b(?:by|of) (?:(?:a|one) )?(?P<by>third|fifth|tenth|half)\b|(?P<zh>一半)"
)
TENTHS = re.compile(r"([一二两三四五六七八九\d])成")
MONEY = re.compile(r"(?:\bto|[$£€¥]) ?\d+(?:\.\d+)?(?! ?%)|\d ?(?:cents?|dollars?|bucks|euros?|pounds?|p\b|元|块|毛)")
CHEAPER = re.compile(
    r"\b(?:off|discount\w*|cheap\w*|tpr|lower\w*|down|less|reduc\w+|cut\w*|mark(?:ed)?[ -]?downs?|drop\w*|minus"
    r"|decreas\w+|save|saving|rebate|voucher|coupon|slash\w*|knock\w*|sale|promo\w*)\b|降|折|便宜|优惠|减|打"
)
DEARER = re.compile(
    r"\b(?:rais\w+|increas\w+|up|higher|dearer|more|plus|add\w*|hik\w+|costlier|pricier|rises?|rose|lift\w*|extra"
    r"|inflat\w+|pass(?:ing|ed)? on|uplift|mark-?up)\b|涨|提价|贵|上调|加价"
)
PROMOTION = re.compile(
    r"\b(?:promo\w*|on (?:special )?offer|special offers?|on special|on deal|on sale"
    r"|(?:a|the|any) (?:deal|campaign)|bogo\w*|(?:2|two)[ -]for[ -](?:1|one))\b|促销|特价|做活动|搞活动|打折|买.送."
)
NOT = re.compile(
    r"\b(?:no|not|never|none|off|out|left|leave|take|un\w+|isn't|don't|doesn't|instead|falls?|(?:stop|end|cancel|drop|remov"
    r"|skip|kill|pull|scrap|withdraw|bin|ax|shelv)\w*)\b|不|没|取消|停"
)
WITHOUT = re.compile(
    r"\b(?:without|w/o|no|no longer|not|leave (?:out|off)|(?:cancel|drop|skip|stop|end|scrap)\w*) (?:\w+ ){0,2}?"
    r"(?:promo\w*|offers?|deals?)\b"
)


OFF = re.compile(r"(\d+(?:\.\d+)?|[一二三四五六七八九]{1,2})折")  # tenths of the price that are left, or hundredths


def priced(text: str) -> bool:
    """Whether it speaks of an amount of money, which is no change in per cent."""
    return MONEY.search(text) is not None


def shares(text: str) -> list[float]:
    """The shares in per cent."""
    return [float(match["digits"] or number(match["words"])) for match in PER_CENT.finditer(text)]


def without_shares(text: str) -> str:
    """The text with a comma in each share's place."""
    return PER_CENT.sub(",", text)


def discounts(text: str) -> list[float]:
    """Changes in per cent, where what is left is said in tenths: 打八折 is -20, 八五折 and 85折 are -15."""
    left = [float("".join(str(COUNTED.get(digit, digit)) for digit in found)) for found in OFF.findall(text)]
    return [(one if one >= 10 else 10 * one) - 100 for one in left]


def changes(text: str) -> list[list[float]]:
    """The changes of a price in per cent, each as it may be meant: both ways where its direction is not plain."""
    if found := discounts(text):
        return [[change] for change in found]
    if multiple := [next(filter(None, match.groups())) for match in MULTIPLE.finditer(text)]:
        return [[MANIFOLD[times]] for times in multiple]
    signs = [match["sign"] for match in PER_CENT.finditer(text) if match["sign"]]
    parts = [match["part"] or match["by"] or match["zh"] or "" for match in PART.finditer(text)]
    tenths = [10 * int(COUNTED.get(one, one)) for one in TENTHS.findall(text)]
    ways = _ways(text, signs, parts)
    return [
        [way * size for way in ways] for size in [*shares(text), *(PARTS[part or "half"] for part in parts), *tenths]
    ]


def _ways(text: str, signs: list[str], parts: list[str]) -> tuple[int, ...]:
    if signs or "" in parts:
        return (1,) if signs and signs[0] == "+" else (-1,)
    for words in _around(text):
        down, up = CHEAPER.search(words), DEARER.search(words)
        if bool(down) != bool(up):
            return (-1,) if down else (1,)
    return (-1, 1)


def _around(text: str) -> list[str]:
    """What stands by the first share of a request, the nearest first: a few words behind it, before it, all."""
    match = PER_CENT.search(text) or PART.search(text) or TENTHS.search(text)
    if match is None:
        return [text]
    behind, before = text[match.end() :].split(), text[: match.start()].split()
    signs = "".join(HAN.findall(text[: match.start()]))  # Chinese says it before
    near = [match[0] + " " + " ".join(behind[:2]), " ".join(before[-2:]), " ".join(before[-6:]), text]
    return [signs[-4:], *near] if signs else near


def promotion(text: str) -> list[bool]:
    """Whether it speaks of a promotion that is on, or off; both where that is not plain."""
    if WITHOUT.search(text):
        return [False]
    if not PROMOTION.search(text):
        return []
    return [True, False] if NOT.search(text) else [True]
