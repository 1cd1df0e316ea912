"""docs/conversations.json: how a chat fares turn after turn. The set is of development: it was made beside the code.

python -m skucast.evals.agent.conversations
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from ...agent.chat.desk import Desk
from ...agent.chat.loop import Agent, Reply
from ...agent.workbench import Workbench
from ...tools.data.panel import Panel
from ...tools.files import write_whole
from ...tools.messages import Refusal
from ...tools.toolset.registry import tools
from .requests import same_arguments

HERE = Path(__file__).parent / "conversations.jsonl"
DOCS = Path(__file__).parents[2] / "docs" / "conversations.json"


class Turn(BaseModel):
    """A request, and the call that ought to stand after it: what still holds of before, and what it changes.

    Attributes:
        request: the person's words.
        tool: to be called.
        arguments: all that hold; products by SKU, or `#2` for the second of the last list.
        asks: the request is not clear, and is to be asked back.
        lacks: the demo data lacks what the tool needs, so that it is to be refused.
    """

    model_config = ConfigDict(extra="forbid")

    request: str
    tool: str
    arguments: dict[str, Any] = {}
    asks: bool = False
    lacks: bool = False


class Conversation(BaseModel):
    """Several turns of one session."""

    model_config = ConfigDict(extra="forbid")

    id: str
    turns: list[Turn]


class Judged(BaseModel):
    """How one turn went.

    Attributes:
        place: of the turn, 1 for the first.
        called: the tool whose answer or refusal was shown.
        held: what it was called with, and what stood of before.
        right_tool: the tool is right; where none can answer, only the honest no is.
        right: all arguments, too.
        misled: it answered something else: another tool, or other arguments, and no refusal or question back.
    """

    id: str
    place: int
    request: str
    tool: str
    called: str
    held: dict[str, Any]
    right_tool: bool
    right: bool
    misled: bool
    seconds: float


def load(path: Path = HERE) -> list[Conversation]:
    """The conversations of a file.

    Raises:
        ValidationError: a line is none.
    """
    return [Conversation.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def judged(conversation: Conversation, agent: Agent, panel: Panel) -> list[Judged]:
    """Every turn of a conversation, asked one after the other.

    Args:
        conversation: to be asked.
        agent: at a desk of its own.
        panel: of the desk.
    """
    made: list[Judged] = []
    listed: Sequence[str] = ()
    for place, turn in enumerate(conversation.turns, 1):
        began = time.monotonic()
        reply = agent.ask(turn.request)
        seconds = round(time.monotonic() - began, 3)
        made.append(_one(conversation.id, place, turn, reply, listed, panel, seconds))
        listed = agent.desk.frame.listed if agent.desk.frame else listed
    return made


def _one(
    name: str, place: int, turn: Turn, reply: Reply, listed: Sequence[str], panel: Panel, seconds: float
) -> Judged:
    step = next((one for one in reversed(reply.steps) if one.kind == "tool"), None)
    called = step.tool if step else ""
    outside = called in tools() and tools()[called].outside
    held = {key: value for key, value in (step.arguments if step else {}).items() if value is not None}
    wanted = {key: _listed(value, listed) for key, value in turn.arguments.items()}
    right_tool = called == turn.tool
    if turn.tool in tools() and (tools()[turn.tool].outside or tools()[turn.tool].aside):
        right = right_tool  # what it was about, in which words, is not judged
    else:
        if "product" in wanted and "product" not in held and reply.answers and reply.answers[-1][1].products:
            held["product"] = reply.answers[-1][1].products[0]  # the one spoken of before
        asked = isinstance(reply.refusal, Refusal) and reply.refusal.asks
        if turn.asks:
            right = right_tool and asked
        else:
            right = right_tool and reply.failed == turn.lacks and same_arguments(wanted, held, panel)
    return Judged(
        id=name,
        place=place,
        request=turn.request,
        tool=turn.tool,
        called=called,
        held=held,
        right_tool=right_tool,
        right=right,
        misled=not right and not outside and not reply.failed,
        seconds=seconds,
    )


def _listed(value: Any, listed: Sequence[str]) -> Any:
    if not (isinstance(value, str) and value.startswith("#")):
        return value
    place = int(value[1:])
    at = place - 1 if place > 0 else place
    return listed[at] if -len(listed) <= at < len(listed) else value


def summary(turns: Sequence[Judged]) -> dict[str, Any]:
    """Shares in per cent: all turns, the first, and those behind it."""

    def shares(some: Sequence[Judged]) -> dict[str, Any]:
        of = max(len(some), 1)
        names = ("right_tool", "right", "misled")
        return {"turns": len(some)} | {
            one: round(100 * sum(getattr(turn, one) for turn in some) / of, 1) for one in names
        }

    outside = [turn for turn in turns if turn.tool in tools() and tools()[turn.tool].outside]
    return {
        "all": shares(turns),
        "first": shares([turn for turn in turns if turn.place == 1]),
        "later": shares([turn for turn in turns if turn.place > 1]),
        "unsupported": shares(outside),
        "seconds_median": sorted(turn.seconds for turn in turns)[len(turns) // 2] if turns else None,
    }


def main() -> None:
    """Ask all conversations of the demo data, and write docs/conversations.json."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.agent.conversations")
    parser.add_argument("--set", type=Path, default=HERE, help="a file of conversations")
    parser.add_argument("--router", default="router", help="who chooses the tools: router, rules")
    parser.add_argument("--show", action="store_true", help="print every turn that went wrong")
    parser.add_argument("--out", type=Path, default=DOCS)
    asked = parser.parse_args()
    bench = Workbench(demo=True, quick=True, router=asked.router)
    desk = bench.desk()
    desk.forecaster = replace(desk.forecaster, explanations="template")
    chooser, turns = bench.caller(desk, writer=lambda: None), []
    if hasattr(chooser, "writer"):
        chooser.writer = None  # its words are not judged here
    for conversation in load(asked.set):
        made = judged(conversation, Agent(_fresh(desk), chooser), desk.panel)
        turns += made
        for turn in made:
            if asked.show and not turn.right:
                print(turn.model_dump_json(), flush=True)
    command = f"python -m skucast.evals.agent.conversations --router {asked.router}"
    command += f" --set evals/agent/{asked.set.name}" if asked.set != HERE else ""
    results = {"command": command, "set": asked.set.name, asked.router: summary(turns)}
    write_whole(asked.out, json.dumps(results, indent=1) + "\n")
    print(json.dumps(results[asked.router], indent=1))


def _fresh(desk: Desk) -> Desk:
    return replace(desk, reports=[], product=None, category=None, horizon=None, span="", tool="", frame=None)


if __name__ == "__main__":
    main()
