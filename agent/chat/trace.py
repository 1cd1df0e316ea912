"""The trace: one thing that happened on the way to a reply, as it is kept and shown."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class TraceStep(BaseModel):
    """One thing that happened on the way to a reply."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    tool: str = ""
    arguments: dict[str, Any] = {}
    text: str = ""
    failed: bool = False
    seconds: float
    tokens: int = 0
