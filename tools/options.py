"""Options of the command that say which data is meant: the same words and help wherever they are asked for."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Data = Annotated[
    str | None,
    typer.Argument(
        help="CSV, Parquet (file, folder or glob) or DuckDB file, or postgresql://…::TABLE: unique_id, ds, y, …"
    ),
]
Demo = Annotated[bool, typer.Option("--demo", help="the Complete Journey grocery data")]
Freq = Annotated[Literal["W", "D"], typer.Option(help="with --demo: weekly or daily sales")]
SchemaFile = Annotated[Path | None, typer.Option(help="TOML that says which column is which; default: DATA's .toml")]
Sql = Annotated[str | None, typer.Option(help='a query over the view "data" that yields unique_id, ds, y, …')]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="replace a file that skucast did not write")]
Seed = Annotated[int, typer.Option(help="of every random draw")]
