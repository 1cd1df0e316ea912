"""What is printed of text from outside: no escape of it, and every escape of ours."""

import io

import pytest
from rich.panel import Panel as Box
from rich.table import Table
from rich.text import Text
from skucast.tools.console import SafeConsole, plain


def test_by_hand() -> None:
    assert plain("a\x1b[31m\tb\x07\n\x9b2J\x7f\r牛奶\udcff") == "a[31m\tb\n2J牛奶\ufffd"


@pytest.mark.parametrize("wrapped", [str, Text, lambda text: Box(Text("x"), title=Text(text))])
def test_escapes_of_data_are_gone_and_ours_stand(wrapped: type[str]) -> None:
    screen = io.StringIO()
    console = SafeConsole(file=screen, force_terminal=True, width=60, color_system="standard")
    console.print(wrapped("\x1b[31mMilk\x9b1m"), style="green", highlight=False)
    assert "[31mMilk1m" in screen.getvalue()
    assert "\x1b[31m" not in screen.getvalue() and "\x9b" not in screen.getvalue()
    assert "\x1b[32m" in screen.getvalue()


def test_a_table_stays_straight() -> None:
    screen = io.StringIO()
    table = Table()
    table.add_column("name")
    table.add_row(Text("\x1b[31mMilk"))
    table.add_row(Text("[31mMilk"))
    SafeConsole(file=screen, width=40).print(table)
    assert len({len(line) for line in screen.getvalue().splitlines()}) == 1
