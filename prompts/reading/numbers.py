"""Numbers that a text in lower case says: those in words are put into digits first, and read once."""

import re

from .words import EN, ZH, en

NUMBERS, SIZES, ORDINALS = EN["numbers"], EN["sizes"], EN["ordinals"]
COUNTED = {word: value for word, value in (NUMBERS | SIZES | ORDINALS).items() if value < 20}
DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,12}(?:\.\d+)?")
NTH = re.compile(rf"\b(?:{en('ordinals')})\b")
_TENS = "|".join(word for word, value in NUMBERS.items() if value >= 20)
_ONES = "|".join(word for word, value in NUMBERS.items() if value < 10)
_FEW = "|".join(word for word in NUMBERS if word != "one")
_COUNTED = en("sizes", "units", "counts.windows", "counts.units", "change.share", "change.parts")
_BELOW = rf"(?:(?:{_TENS})[ -](?:{_ONES})|{_FEW}|one(?=[ -](?:{_COUNTED})))"  # a hundred; "the best one" is no count
_MORE = rf"(?: (?:and )?(?P<more>{_BELOW})(?! (?:{en('sizes')})))?"
ENGLISH = re.compile(rf"\b(?:(?:(?P<count>an?|\d{{1,3}}|{_BELOW}) )?(?P<size>{en('sizes')}){_MORE}|{_BELOW})\b")
DIGIT, SIZE = ZH["numbers"]["digits"], ZH["numbers"]["sizes"]
CHINESE = re.compile(rf"{'|'.join(ZH['numbers']['none'])}|([{''.join([*DIGIT, *SIZE])}]+)")


def in_digits(text: str) -> str:
    """The text with its numbers in digits: `two hundred and fifty units` as `250 units`, 两周 as 2周."""
    return CHINESE.sub(_chinese, ENGLISH.sub(_english, text))


def numbers(text: str) -> list[float]:
    """The numbers of a text in digits, and those of words that count without being one: first to twelfth."""
    found = {float(digits.replace(",", "")) for digits in DIGITS.findall(text)}
    return sorted(found | {float(ORDINALS[word]) for word in NTH.findall(text)})


def _english(match: re.Match[str]) -> str:
    if not match["size"]:
        return str(_below(match[0]))
    return str(_below(match["count"] or "a") * SIZES[match["size"]] + _below(match["more"] or ""))


def _below(words: str) -> int:
    """A number below a hundred in words, or any in digits; 0 of no words."""
    return sum(int(word) if word.isdigit() else NUMBERS.get(word, 1) for word in re.split(r"[ -]", words) if word)


def _chinese(match: re.Match[str]) -> str:
    if not match[1] or not set(match[1]) & set(SIZE):  # 八五 of 八五折 is 85
        return "".join(str(DIGIT[sign]) for sign in match[1] or "") or match[0]
    total, last = 0, 0
    for sign in match[1]:
        total, last = (total, DIGIT[sign]) if sign in DIGIT else (total + (last or 1) * SIZE[sign], 0)
    return str(total + last)
