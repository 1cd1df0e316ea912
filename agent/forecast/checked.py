"""Words as they come: a model's sentences, each let through once every number in it stands in the evidence."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .grounding import SENTENCE, ground
from .report import Evidence

PIECE = re.compile(rf"{SENTENCE.pattern}|\n+")


@dataclass
class Checked:
    """Lets the whole sentences and lines of a text through, in order, up to the first that says what no evidence holds.

    Attributes:
        tell: called with each sentence.
        evidence: gives what has been found so far.
        text: what was let through of the last text that is whole.
    """

    tell: Callable[[str], None]
    evidence: Callable[[], Sequence[Evidence]]
    text: str = ""
    _shown: tuple[str, ...] = ()
    _rest: str = ""
    _loose: bool = False

    def add(self, piece: str) -> None:
        """The next piece of the text; a sentence ends where the next one begins."""
        *whole, self._rest = PIECE.split(self._rest + piece)
        for sentence in whole:
            self._let(sentence)

    def end(self) -> None:
        """The text is whole; what comes next is another."""
        self._let(self._rest)
        self.text = " ".join(self._shown)
        self._shown, self._rest, self._loose = (), "", False

    def _let(self, sentence: str) -> None:
        sentence = sentence.strip()
        if not sentence or self._loose:
            return
        self._loose = bool(ground(sentence, self.evidence())[1])
        if not self._loose:
            self._shown = (*self._shown, sentence)
            self.tell(sentence)
