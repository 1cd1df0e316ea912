"""The commands of numbers: what is in a file, and what is wrong with it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import err, out
from .options import SchemaFile, Sql

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .data.health import HealthReport

MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("·", "dim")}

app = typer.Typer()
data = typer.Typer(help="Look at data before it is forecast.", no_args_is_help=True)
app.add_typer(data, name="data")


@data.command("check")
def check(
    data: Annotated[Path, typer.Argument(help="CSV, Parquet or DuckDB file")],
    schema: SchemaFile = None,
    sql: Sql = None,
) -> None:
    """Say what is in a file and what is wrong with it. Exits 2 when it cannot be used."""
    from .data.read import open_source

    health = open_source(data, schema=schema, sql=sql).health()
    out.print(shown(health))
    if health.errors:
        for finding in health.errors:
            err.print(f"error: {finding.message}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2)


def shown(health: "HealthReport") -> "RenderableType":
    """A data health report for the terminal: what is there, then what was found, errors first."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    facts = Table(box=None, show_header=False, padding=(0, 1))
    facts.add_row("rows", f"{health.rows:,}")
    facts.add_row("series", f"{health.series:,}")
    plan = f", plan to {health.plan}" if health.plan else ""
    facts.add_row("periods", f"{health.offset or 'unknown'}, sales {health.first} to {health.last}{plan}")
    facts.add_row("zero share", f"{health.zero_share:.0%}")
    found = Table(box=None, show_header=False, padding=(0, 1))
    for finding in health.findings:
        mark, style = MARKS[finding.severity]
        found.add_row(Text(mark, style), Text(finding.kind, style), Text(finding.message))
    verdict = Text("cannot be used as it is", "bold red") if health.errors else Text("can be forecast", "bold green")
    return Panel(Group(facts, found, verdict), title=Text(health.name, style="bold"), title_align="left")
