"""Tables in the terminal, in a person's language: what a tool found, and what can be asked."""

from datetime import date

from rich.table import Table as RichTable
from rich.text import Text

from ...prompts.messages.say import say, say_fact
from ...tools.insight.answer import Table
from ...tools.messages import Fact, Message
from ...tools.toolset.registry import tools

UNKNOWN = ("not-known", "price-none")
WIDE = 120  # characters of a screen that has room for all columns


def drawn(table: Table, lang: str, width: int = 0) -> RichTable:
    """The table with its columns named in a language; columns of numbers stand to the right, ids stay whole.

    Args:
        table: what a tool found.
        lang: of the names.
        width: of the screen, in characters: a table with narrow columns shows all of them from `WIDE` on.
    """
    made = RichTable(box=None, padding=(0, 1), title=Text(say(table.title, lang)), title_justify="left")
    kept = table.narrow if table.narrow and width < WIDE else range(len(table.columns))
    for place in kept:
        numeric = place > 0 and all(_number(row[place]) for row in table.rows)
        dated = place > 0 and any(isinstance(row[place], date) for row in table.rows)
        whole = place == 0 or numeric or dated
        made.add_column(Text(say(table.columns[place], lang)), justify="right" if numeric else "left", no_wrap=whole)
    for row in table.rows:
        made.add_row(*[Text(say_fact(row[place], lang)) for place in kept])
    return made


def help_of(lang: str) -> RichTable:
    """What can be asked: an example of each tool, and what it is about."""
    made = RichTable.grid(padding=(0, 2))
    for name, tool in tools().items():
        if not tool.outside:
            key = name.replace("_", "-")
            made.add_row(*[Text(say(Message(f"{key}-{part}"), lang)) for part in ("example", "title")])
    return made


def _number(cell: Fact) -> bool:
    return isinstance(cell, (int, float)) or (isinstance(cell, Message) and cell.key in UNKNOWN)
