"""Readers of notes by name: rules, or an engine under the grammar of what the note bears out."""

from dataclasses import dataclass
from typing import Literal

from ...prompts.reading.note_chat import candidates, note_chat, read_answer, signals_schema
from ...prompts.reading.signals import RulesReader
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.text.notes import Note
from ...tools.text.signals import Reader, Signal
from ..engines.base import Constraint, Engine, Message

ReaderName = Literal["rules", "engine"]
MAX_TOKENS = 400


@dataclass(frozen=True)
class EngineReader:
    """Reads a note with an LLM that chooses among what code found in it.

    Attributes:
        engine: the LLM.
    """

    engine: Engine

    @property
    def name(self) -> str:
        """The engine's."""
        return self.engine.name

    def read(self, note: Note, panel: Panel) -> list[Signal]:
        """The signals of one note; none where its words name no days or no products, which asks nothing.

        Raises:
            EngineError: the engine could not answer.
        """
        some = candidates(note, panel)
        if some.none:
            return []
        prompt = tuple(Message(role, content) for role, content in note_chat(note))
        constraint = Constraint("json_schema", signals_schema(some))
        answer = self.engine.generate([prompt], max_tokens=MAX_TOKENS, constraint=constraint)[0].texts[0]
        try:
            return read_answer(answer, note, some)
        except ValueError:  # cut off, or of a server that knows no grammars
            return []


def open_reader(name: ReaderName, engine: Engine | None) -> Reader:
    """A reader by name.

    Raises:
        InputError: the engine is to read, and there is none.
    """
    if name == "rules":
        return RulesReader()
    if engine is None:
        raise InputError("--reader engine needs an LLM; it does not go with --engine none or --quick")
    return EngineReader(engine)
