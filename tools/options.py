"""Options of the command that say which data is meant: the same words and help wherever they are asked for."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

Data = Annotated[
    str | None,
    typer.Argument(
        help="CSV, Excel (FILE.xlsx#SHEET), Parquet (file, folder or glob) or DuckDB file, or postgresql://…::TABLE: "
        "unique_id, ds, y, …"
    ),
]
Demo = Annotated[bool, typer.Option("--demo", help="the Complete Journey grocery data")]
Freq = Annotated[Literal["W", "D"], typer.Option(help="with --demo: weekly or daily sales")]
SchemaFile = Annotated[Path | None, typer.Option(help="TOML that says which column is which; default: DATA's .toml")]
Sql = Annotated[str | None, typer.Option(help='a query over the view "data" that yields unique_id, ds, y, …')]
Sum = Annotated[bool, typer.Option("--sum", help="sum several rows a product and period, returns with them")]
Decimal = Annotated[str | None, typer.Option(help="the sign before decimals in text: . or ,")]
Thousands = Annotated[str | None, typer.Option(help="the sign between thousands in text: . or , or a space or '")]
DateFormat = Annotated[str | None, typer.Option(help="how dates are written, such as %d/%m/%Y")]
Duplicates = Annotated[
    Literal["drop", "keep"] | None,
    typer.Option(help="rows that were imported twice: drop them, or with --sum keep them"),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="replace a file that skucast did not write")]
Seed = Annotated[int, typer.Option(help="of every random draw")]


def declared(
    sum_: bool, decimal: str | None, thousands: str | None, date_format: str | None, duplicates: str | None
) -> dict[str, Any]:
    """What these options declare of the data, as fields of its schema."""
    fields = {"decimal": decimal, "thousands": thousands, "date_format": date_format, "duplicates": duplicates}
    return {name: value for name, value in fields.items() if value is not None} | ({"sum": True} if sum_ else {})
