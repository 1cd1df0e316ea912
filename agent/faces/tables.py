"""Tables in the terminal, in a person's language: what a tool found, and what can be asked."""

from datetime import date

from rich.table import Table as RichTable
from rich.text import Text

from ...prompts.messages.say import say, say_fact
from ...tools.insight.answer import Table
from ...tools.messages import Fact, Message
from ...tools.toolset.registry import tools

UNKNOWN = "not-known"


def drawn(table: Table, lang: str) -> RichTable:
    """The table with its columns named in a language; columns of numbers stand to the right, ids stay whole."""
    made = RichTable(box=None, padding=(0, 1), title=Text(say(table.title, lang)), title_justify="left")
    for place, name in enumerate(table.columns):
        numeric = place > 0 and all(_number(row[place]) for row in table.rows)
        dated = place > 0 and any(isinstance(row[place], date) for row in table.rows)
        whole = place == 0 or numeric or dated
        made.add_column(Text(say(name, lang)), justify="right" if numeric else "left", no_wrap=whole)
    for row in table.rows:
        made.add_row(*[Text(say_fact(cell, lang)) for cell in row])
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
    return isinstance(cell, (int, float)) or (isinstance(cell, Message) and cell.key == UNKNOWN)
