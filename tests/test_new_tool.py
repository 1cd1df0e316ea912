"""A new tool is six files: in a copy of skucast one is added, and everything that lists tools has it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = ("tools", "prompts", "agent", "finetune", "evals", "docs")
FILES = {
    "tools/toolset/markdown.py": '''
"""markdown: what a lower price would leave of the stock."""

from ..insight.answer import Answer, label, many
from ..messages import Exact, Units, message
from .fields import Horizon, OnHand, Product, ServiceLevel
from .kit import Arguments, Desk, Tool


class Markdown(Arguments):
    """What a markdown would leave of a product's stock."""

    product: Product | None = None
    on_hand: OnHand | None = None
    cut: ServiceLevel | None = None
    horizon: Horizon | None = None


def run(desk: Desk, request: Markdown) -> Answer:
    """The stock, and what is asked of it."""
    uid = desk.one(request.product)
    span = many(desk.periods(request.horizon), desk.panel)
    stock, cut = Units(request.on_hand or 0), Exact(request.cut or 0)
    return Answer((message("markdown-left", product=label(desk.panel, uid), stock=stock, cut=cut, span=span),))


TOOL = Tool(Markdown, run)
''',
    "prompts/messages/en/markdown.ftl": """
markdown-title = what to mark down
markdown-example = clear SKU 7, 200 units on hand, in 4 weeks
markdown-left = { $stock } units of { $product } are to go within { $span }, at { $cut } %.
""",
    "prompts/messages/zh/markdown.ftl": """
markdown-title = 清仓
markdown-example = 清仓 SKU 7，现有 200 件
markdown-left = { $product } 的 { $stock } 件要在 { $span }内售出，{ $cut }%。
""",
    "prompts/requests/markdown.txt": r"""
[rules]
\b(clear|mark(ed)? ?down|clearance)\b

[a]
clear {product}, {onhand} on hand, in {span}
""",
    "evals/agent/cases/markdown.jsonl": json.dumps(
        {"id": "m1", "request": "clear SKU A, 200 units on hand", "tool": "markdown", "arguments": {"on_hand": 200}}
    ),
}
ASK = """
import json
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.router import RoutingModel
from skucast.agent.chat.rules import RulesModel
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.agent.faces.reference import page
from skucast.agent.faces.session import Session
from skucast.agent.forecast.forecaster import Forecaster
from skucast.evals.agent.requests import load_cases
from skucast.prompts.asking import lines
from skucast.tools.data.read import read_panel
from skucast.tools.toolset.registry import schemas, tools
import pandas as pd
from rich.console import Console

ds = pd.date_range("2024-01-07", periods=30, freq="W-SUN")
panel = read_panel(pd.DataFrame({"unique_id": "A", "ds": ds, "y": 20.0}))
desk = Desk(panel, Forecaster(None))
model = RulesModel(known=frozenset(panel.unique_ids))
reply = Agent(desk, model).ask("clear SKU A in 4 weeks, we have 200 units on hand")
calls = [(step.tool, step.arguments) for step in reply.steps if step.kind == "call"]
console = Console(record=True, width=120, file=open("/dev/null", "w"))
console.print(Session(desk, model, lang="zh").aside("help"))
grammars = []
for trained in ((), ("forecast", "out_of_scope")):
    engine = ScriptedEngine(['{"tool": "out_of_scope", "topic": "clear"}', '{"tool": "answer"}'])
    Agent(desk, RoutingModel(engine=engine, trained=trained)).ask("get SKU A away, 200 units on hand, in 4 weeks")
    grammars.append(json.loads(engine.history[0][1].value)["anyOf"])
told = Agent(desk, RoutingModel(engine=ScriptedEngine([]), trained=("forecast",))).ask("clear SKU A, 200 units on hand")
print(json.dumps({
    "told": [(step.tool, step.arguments) for step in told.steps if step.kind == "call"],
    "calls": calls, "reply": reply.text, "help": console.export_text(), "page": page(), "schema": schemas()["markdown"],
    "patterns": [line.text for line in lines() if line.tool == "markdown"],
    "cases": [case.tool for case in load_cases() if case.tool == "markdown"], "grammars": grammars,
}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What the copy says of itself."""
    root = tmp_path_factory.mktemp("copy") / "skucast"
    root.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("weights", "*.parquet", "__pycache__"))
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(ROOT / name, root / name)
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root.parent)}
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_is_five_files_and_a_test() -> None:
    assert len(FILES) + 1 <= 6


@pytest.mark.slow
def test_rules_call_it_with_arguments_read_by_their_kinds(found: dict) -> None:
    assert found["calls"] == [["markdown", {"on_hand": 200, "horizon": "4w", "product": "A"}]]
    assert found["reply"] == "200 units of SKU A are to go within 4 weeks, at 0 %."


@pytest.mark.slow
def test_everything_that_lists_tools_lists_it(found: dict) -> None:
    assert "清仓 SKU 7" in found["help"]
    assert "| `markdown` | What a markdown would leave of a product's stock. |" in found["page"]
    assert list(found["schema"]["properties"]) == ["product", "on_hand", "cut", "horizon"]
    assert found["patterns"] == ["clear {product}, {onhand} on hand, in {span}"] and found["cases"] == ["markdown"]


@pytest.mark.slow
def test_stock_is_never_a_horizon(found: dict) -> None:
    mine = next(one for one in found["grammars"][0] if one["properties"]["tool"] == {"const": "markdown"})
    assert mine["properties"]["on_hand"] == {"enum": [200]} and mine["properties"]["horizon"] == {"enum": ["4w"]}


@pytest.mark.slow
def test_a_router_that_was_not_trained_on_it_may_not_call_it(found: dict) -> None:
    names = [{one["properties"]["tool"]["const"] for one in grammar} for grammar in found["grammars"]]
    assert "markdown" in names[0] and names[1] == {"forecast", "out_of_scope"}


@pytest.mark.slow
def test_a_rule_calls_it_all_the_same(found: dict) -> None:
    assert found["told"] == [["markdown", {"on_hand": 200}]]
