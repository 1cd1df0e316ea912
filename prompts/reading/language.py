"""The language that a request is in: the one that it is answered in, English where that is not spoken here."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

OTHER = "other"  # a language that no reply is written in
ENGLISH, CHINESE = "en", "zh"
# Languages in Latin letters that are told apart by their words.
LATIN = ["en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "pl", "cs", "tr", "id", "vi"]
SURE = 0.998  # that it is no English: a false alarm is worse than French that is answered without a word of it
LEAST_WORDS = 3  # fewer may be the name of a product
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
WORD = re.compile(r"[^\W\d_]{2,}")
LATIN_WORD = re.compile(r"[a-z]{2,}", re.IGNORECASE)
ELSEWHERE = re.compile(  # kana, Hangul, Cyrillic, Greek, Hebrew, Arabic, the scripts of India, Thai
    r"[\u3040-\u30ff\uac00-\ud7af\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f]"
)


def language_of(request: str) -> str:
    """The language of a request: `en`, `zh`, or `other`.

    Chinese and other scripts are known by their letters, where there are as many as words in Latin ones: a name in
    them makes no Chinese of an English request. Languages in Latin letters are told apart by a model of letter
    sequences, and only where it is sure: brand names, SKUs and typos are no French.
    """
    words = LATIN_WORD.findall(request)
    han, elsewhere = len(HAN.findall(request)), len(ELSEWHERE.findall(request))
    if elsewhere and elsewhere + han >= len(words):
        return OTHER
    if han and han >= len(words):
        return CHINESE
    words = WORD.findall(request)
    if len(words) < LEAST_WORDS:
        return ENGLISH
    shares = dict(_identifier().rank(" ".join(words).lower()))
    return OTHER if 1 - shares[ENGLISH] >= SURE else ENGLISH


@cache
def _identifier() -> "LanguageIdentifier":
    """The model, read once (a second, from within its package)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(LATIN)
    return made
