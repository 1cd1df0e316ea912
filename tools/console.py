"""The console: text from outside is printed without its control characters, which could redraw the screen."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

CONTROLS = {*range(0x20), *range(0x7F, 0xA0)} - {ord("\t"), ord("\n")}  # C0, DEL and C1
HALVES = range(0xD800, 0xE000)  # surrogates: bytes that were no UTF-8
SHOWN: dict[int, str | None] = {**dict.fromkeys(CONTROLS), **dict.fromkeys(HALVES, "\ufffd")}


def plain(text: str) -> str:
    """The text without control characters other than tabs and newlines; broken bytes are U+FFFD."""
    return text.translate(SHOWN)


class SafeConsole(Console):
    """A console whose own escapes stand, and nobody else's."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Segments to print: those of text are plain."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(plain(segment.text), segment.style)


out = SafeConsole()
err = SafeConsole(stderr=True)
