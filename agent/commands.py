"""The commands of reasoning: forecasts, chat, decisions, servers, and those of the faces."""

import typer

from .customers import app as customers
from .decisions import app as decisions
from .faces.commands import app as faces
from .forecasting import app as forecasting
from .learning import app as learning
from .recommending import app as recommending
from .serving import app as serving
from .talking import app as talking

app = typer.Typer()
for part in (forecasting, talking, decisions, recommending, learning, serving, faces):
    app.add_typer(part)
app.add_typer(customers, name="customers")
