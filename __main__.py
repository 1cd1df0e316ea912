"""The `skucast` command: it mounts the commands of each room, and ends in one line where the input was bad."""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from . import __version__
from .agent.commands import app as agent
from .evals.commands import app as evals
from .evals.commands import past_of
from .finetune.commands import app as finetune
from .tools.console import err
from .tools.errors import InputError
from .tools.inputs import brief

ORDER = (
    *(
        "demo",
        "forecast",
        "orders",
        "price",
        "customers",
        "recommend",
        "track",
        "drift",
        "chat",
        "trace",
        "eval",
        "leaderboard",
    ),
    *("export", "schema", "web", "api", "mcp", "finetune", "merge", "serve", "data", "model", "models"),
)


class InOrder(TyperGroup):
    """Commands in the order in which a person meets them, whatever room they are of; a new one comes last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names, as the help shows them."""
        return sorted(super().list_commands(ctx), key=lambda name: (*ORDER, name).index(name))


app = typer.Typer(
    cls=InOrder,
    name="skucast",
    help="Forecasts retail and e-commerce demand with a small LLM, and shows its work.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for room in (agent, finetune, evals):
    app.add_typer(room)


@app.callback(invoke_without_command=True)
def _skucast(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="print the version")] = False
) -> None:
    context.obj = past_of  # finetune learns from the tasks of evals, and the two rooms do not know each other
    if version:
        print(f"skucast {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command; bad input is one line and exit code 2, never a traceback."""
    try:
        app()
    except InputError as error:
        from .prompts.messages.say import say_error

        err.print(f"error: {say_error(error)}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except (SystemExit, RuntimeError) as end:
        # Ctrl-C: typer ends without a word, and DuckDB breaks off a query
        if getattr(end, "code", None) != 130 and str(end) != "Query interrupted":
            raise
        text = "stopped; what was written is whole, and the same command goes on from there"
        err.print(text, style="yellow", soft_wrap=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (OSError, MemoryError) as error:  # of a file that nobody looked at before: the system says what is wrong
        where = f"{brief(error.filename)}: " if isinstance(error, OSError) and error.filename else ""
        why = "there is not enough memory for this" if isinstance(error, MemoryError) else error.strerror or error
        err.print(f"error: {where}{why}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
