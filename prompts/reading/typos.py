"""Spelling: the words of asking as a small model was taught them, where a request misspells or shortens them."""

import re
from collections.abc import Callable
from functools import cache

from rapidfuzz.distance import OSA

_WORDS = """
about above abnormal accuracy accurate actuals again against ahead alternatives analysis anomalies anomaly another
anything article assortment average backtest because best bestsellers better between biggest bring calculate calendar
campaign campaigns catalogue category change changed changes chart check cheaper comes coming compare compared
comparison competitor competitors correct could coupon coupons coverage curve customers data days dearer december
decline declining decomposition delivery demand difference discount discounted discounts does down driver drivers drop
dropped drops during each earlier effect else enough error estimate event events evidence ever expect expected
expensive explain fall fallers falling fast fastest figures find flat forecast forecasted forecasts from future
gainers give going graph grew grow growing growth hand happen happened have health help high higher highest history
holiday holidays horizon impact imagine increase inventory item items know large largest last late lately latest least
leave less level likely line list long look losers losing lost lower lowest make margin many market mean missing model
monday month monthly months more most move moved movers moving much naive need news next normal notes number numbers
odd offer order ordered orders other outliers over past pattern peak peaks percent performance period periods picture
plan planned planning please plot point popular precise predict predicted prediction predictions previous price priced
prices problems product products projection promo promote promoted promotion promotions promotional purchase quality
quantity quarter raise ranking rate recent recently reduce reduction reliable remember reorder replenish replenishment
report restock review reviews right rise risers rising safety same season seasonal seasonality search sell seller
sellers selling sells series service share should show similar simulate slow sold spike spikes statistics stock
strange strong strongest substitutes such suggest supplier surge surplus tell than that their them there these they
thing this through time today tomorrow total track trend trending trends turnover typical underlying units unit until
unusual usual usually volume volumes want warehouse weak weakest week weekly weeks what when where which while will
winners with would wrong year yearly years yesterday your
"""
WORDS = frozenset(_WORDS.split())
SHORT = {
    "nxt": "next", "wk": "week", "wks": "weeks", "mth": "month", "mnth": "month", "mths": "months",
    "mnths": "months", "mos": "months", "qtr": "quarter", "yr": "year", "yrs": "years", "fcst": "forecast",
    "frcst": "forecast", "teh": "the", "hte": "the", "adn": "and", "cna": "can", "wil": "will", "wek": "week",
    "hwo": "how", "waht": "what", "wat": "what", "wht": "what", "whats": "what's", "hist": "history", "hw": "how",
    "mcuh": "much", "shoud": "should", "cud": "could", "wud": "would", "qty": "quantity", "abt": "about",
    "prod": "product", "prods": "products", "cat": "category", "avg": "average", "inv": "inventory",
    "pct": "percent",
}  # fmt: skip
LEAST = 4  # letters of a word that may be misspelt
LONG = 8  # letters from which it may be so twice
WORD = re.compile(r"(?<![\w'’-])[A-Za-z]+(?![\w'’-])")


def spelt(request: str, known: Callable[[str], bool]) -> str:
    """A request as it was meant to be typed: its words of asking, not its names.

    Args:
        request: the person's words.
        known: whether a word is one for itself, of the language or of the catalogue, and to be left alone.
    """

    def mended(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word in WORDS:
            return match[0]
        meant = SHORT.get(word) or _nearest(word)
        return match[0] if meant is None or known(word) else meant

    return WORD.sub(mended, request)


@cache
def _nearest(word: str) -> str | None:
    """The one word of asking that is a slip of the keys away, of several that with the same first and last letter."""
    if len(word) < LEAST:
        return None
    slips = 2 if len(word) >= LONG else 1
    near = {one: OSA.distance(word, one, score_cutoff=slips) for one in WORDS if abs(len(one) - len(word)) <= slips}
    least = min(near.values(), default=slips + 1)
    found = [one for one, distance in near.items() if distance == least <= slips]
    alike = [one for one in found if (one[0], one[-1]) == (word[0], word[-1])]
    return next((some[0] for some in (found, alike) if len(some) == 1), None)
