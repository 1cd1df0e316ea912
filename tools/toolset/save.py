"""save: the last chart, table or forecasts as a file."""

from ..insight.answer import Answer
from ..messages import Refusal
from .fields import File
from .kit import Arguments, Desk, Tool


class Save(Arguments):
    """The last chart, table or forecasts, as a file: the suffix says which."""

    file: File | None = None


def run(desk: Desk, request: Save) -> Answer:
    """What the file is now; nothing is written where a chat has no files, as over a network."""
    if desk.save is None:
        raise Refusal("save-not-here")
    if request.file is None:
        raise Refusal("save-which-file")
    return Answer((desk.save(request.file),))


TOOL = Tool(Save, run, about_one=False, aside=True, rank=55)
