"""Counts with what they count: units in stock, things to show, test windows, money, periods until an order arrives.

The text is in lower case, its numbers in digits.
"""

import re

from .words import EN, ZH, en, words, zh

UNITS = EN["units"] | ZH["units"]
WINDOWS = re.compile(rf"\b(\d{{1,3}})[ -](?:\w+ )?(?:{en('counts.windows')})\b")
LEAD = re.compile(
    rf"\b(?:{en('counts.lead')})(?: of| is|:|=)? ?(\d{{1,2}})(?=[ ,.;?!]*(?:$|[,.;?!]| and| at| with|sl\b))"
)
LATE = re.compile(
    rf"\b(?:(?P<before>\d{{1,2}})|an?)[ -]?(?P<ahead>{en('units')})s? (?:{en('counts.late')})\b"
    rf"|\b(?:{en('counts.late')}) (?:by )?(?:(?P<behind>\d{{1,2}})|an?)[ -]?(?P<after>{en('units')})s?\b"
    rf"|(?:{zh('counts.late')})了?(?P<count>\d{{1,2}})个?(?P<unit>{zh('units')})"
)
STOCK = re.compile(
    rf"(?:(?:(?P<ordering>{en('counts.ordering')}|{zh('counts.ordering')})"
    rf"|(?<![a-z])(?P<having>{en('counts.having')}|{zh('counts.having')})) ?(?:(?:{en('counts.about')}) )*)?"
    r"(?<![a-z0-9_.,#-])(?P<count>\d{1,3}(?:,\d{3})+|\d{1,7})"
    rf"(?P<units> ?(?:{en('counts.units')})(?![a-z])|{zh('counts.units')})?"
    rf"(?P<there>(?: (?:[a-z]+|…)){{0,2}}? (?:{en('counts.there')})\b)?"
    rf"(?![a-z0-9_%天周月]|\.\d| ?%| ?per ?cent|[ -](?:{en('units')})s?\b| (?:{en('counts.no_stock')})\b)"
)
MEASURES = {name: words(f"measures.{name}") for name in ("revenue", "margin")}
LASTING = words("counts.lasting")
_NO_UNITS = rf"(?![\d,]*\d|\.\d| ?-?(?:%|per ?cent|(?:{en('units')})s?\b)| ?(?:个?(?:{zh('units')})|%|折))"
THRESHOLDS = {
    side: re.compile(
        rf"(?:\b(?:{en(f'thresholds.{side}')}) |(?:{zh(f'thresholds.{side}')}) ?)(?P<count>\d[\d,]*){_NO_UNITS}"
    )
    for side in ("above", "at_least", "below", "at_most")
}
_FEW = r"\d{1,2}"
_TIMES = rf"(?!\s*(?:%|per ?cent|(?:{en('units')})s?\b|[dwm]\b)|[ -]*(?:\d|(?:{en('counts.units')})\b))"
SHOWN = re.compile(
    rf"\b(?:{en('counts.leading')})[ -]+(?P<after>{_FEW})\b{_TIMES}"
    rf"|(?<![\w.,%-]){''.join(f'(?<!{word} )' for word in en('counts.not_before').split('|'))}"
    rf"(?P<before>{_FEW})[ -]+(?:{en('counts.leading', 'counts.ranked', 'counts.things')})\b"
    rf"|(?<!目)前(?P<zh>{_FEW})(?!\d|个?(?:{zh('units')}|日))"
    rf"|(?<!\d)(?P<pieces>{_FEW})(?:{zh('counts.pieces')})(?:{zh('counts.things')})"
)


def shown(text: str) -> list[int]:
    """How many it wants to see, as in `top 5`, `3 similar items`, 前10."""
    return [int(next(filter(None, match.groups()))) for match in SHOWN.finditer(text)]


def windows(text: str) -> list[int]:
    """How many test windows."""
    return [int(count) for count in WINDOWS.findall(text)]


def stock(text: str) -> list[int]:
    """Counts of units that are there: no SKU, length of time or share."""
    return [int(match["count"].replace(",", "")) for match in STOCK.finditer(text) if _there(match)]


def without_stock(text: str) -> str:
    """The text with a comma in the place of each count of units that are there, or to be ordered."""
    return STOCK.sub(lambda match: "," if match["ordering"] or _there(match) else match[0], text)


def _there(match: re.Match[str]) -> bool:
    return not match["ordering"] and bool(match["having"] or match["units"] or match["there"])


def lasting(text: str) -> bool:
    """Whether it asks how long a stock lasts, or how much there is."""
    return LASTING.search(text) is not None


def thresholds(text: str) -> list[tuple[str, int]]:
    """Numbers of units that sales may pass, each with the side that is meant: above, at least, below or at most."""
    found = [
        (match.start(), side.replace("_", " "), int(match["count"].replace(",", "")))
        for side, pattern in THRESHOLDS.items()
        for match in pattern.finditer(text)
    ]
    return [(side, count) for _, side, count in sorted(found)]


def measures(text: str) -> list[str]:
    """What a ranking is to be by, where it is money: revenue or margin."""
    return [name for name, said in MEASURES.items() if said.search(text)]


def lead(text: str) -> list[int]:
    """Periods until an order arrives, given without their unit: `lt 2`."""
    return [int(count) for count in LEAD.findall(text)]


def late(text: str) -> list[str]:
    """By how much deliveries are late, as `1w`: `a week late`, `delayed by 10 days`, 晚2周."""
    found = []
    for match in LATE.finditer(text):
        unit = UNITS[match["ahead"] or match["after"] or match["unit"]]
        count = int(match["before"] or match["behind"] or match["count"] or 1)
        found.append(f"{count * int(unit[:-1])}{unit[-1]}")
    return found
