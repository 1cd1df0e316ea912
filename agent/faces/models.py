"""Models in the terminal: the registry one a line, and all that one card says."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from ..models.cards import markdown
from ..models.registry import RegisteredModel


def table(entries: Sequence[RegisteredModel]) -> Table:
    """Models one a line, for `skucast models list`."""
    made = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("model", "form", "base", "data", "made", "validation", "MB", ""):
        made.add_column(name, justify="right" if name in ("validation", "MB") else "left")
    for entry in entries:
        size, card = f"{entry.bytes / 1e6:.1f}", entry.card
        if card is None:
            made.add_row(Text(entry.name), "", "", "", "", "", size, Text(f"! {entry.problem}", style="yellow"))
            continue
        data = ", ".join(source.name for source in card.data)
        losses = [card.training.validation_before, card.training.validation_best]
        curve = " → ".join("?" if loss is None else f"{loss:.4f}" for loss in losses)
        marks = ["shipped"] * entry.shipped + ["not to be passed on"] * bool(card.restricted)
        cells = [entry.name, card.form, card.base.name, data, card.made, curve, size, ", ".join(marks)]
        made.add_row(*[Text(cell) for cell in cells])
    return made


def details(entry: RegisteredModel) -> RenderableType:
    """All that a model's card says, for `skucast models show`."""
    card = Text(f"! {entry.problem}", style="yellow") if entry.card is None else Markdown(markdown(entry.card))
    return Group(card, Text(f"{entry.path} ({entry.bytes / 1e6:.1f} MB)", style="dim"))
