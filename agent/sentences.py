"""Words as they come: a model's sentences, each let through once every number in it stands in the evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .grounding import SENTENCE, ground
from .report import Evidence


@dataclass
class Checked:
    """Lets the whole sentences of one text through, in order, up to the first that says what no evidence holds.

    Attributes:
        tell: told each sentence.
        evidence: gives what has been found so far.
        text: what was let through.
    """

    tell: Callable[[str], None]
    evidence: Callable[[], Sequence[Evidence]]
    text: str = ""
    _rest: str = ""
    _loose: bool = False

    def add(self, piece: str) -> None:
        """The next piece of the text; a sentence ends where the next one begins."""
        *whole, self._rest = SENTENCE.split(self._rest + piece)
        for sentence in whole:
            self._let(sentence)

    def end(self) -> None:
        """The text is whole."""
        self._let(self._rest)
        self._rest = ""

    def _let(self, sentence: str) -> None:
        sentence = " ".join(sentence.split())
        if not sentence or self._loose:
            return
        so_far = f"{self.text} {sentence}".strip()
        self._loose = bool(ground(so_far, self.evidence())[1])
        if not self._loose:
            self.text = so_far
            self.tell(sentence)
