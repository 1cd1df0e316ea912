"""Options of the command that say which models forecast, explain and answer."""

from pathlib import Path
from typing import Annotated, Literal

import typer

EngineSpec = Annotated[
    str, typer.Option(help="hf:[FOLDER or NAME] | openai:MODEL@URL | vllm:[FOLDER] | none (statistics alone)")
]
Quick = Annotated[
    bool,
    typer.Option("--quick", help="statistics alone: nothing is learned over all series first, and no LLM forecasts"),
]
Country = Annotated[str | None, typer.Option(help="ISO code, for public holidays")]
SlotModel = Annotated[
    str,
    typer.Option(
        "--model",
        help="fine-tuned model, [vllm:]NAME or FOLDER, or NAME@URL of a server; none: the engine writes digits",
    ),
]
Explain = Annotated[
    Literal["llm", "template"] | None,
    typer.Option(help="who writes the explanation; default llm, with --all template"),
]
Samples = Annotated[int, typer.Option(min=1, max=200, help="LLM answers a window")]
Shots = Annotated[int, typer.Option(min=0, max=20, help="worked examples in the prompt")]
Lang = Annotated[str, typer.Option(help="of what people read: en, zh; zh is written by template")]
ChatLang = Annotated[
    str | None, typer.Option("--lang", help="of the replies: en, zh; when left out, that of each request")
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        help="TOML: service, costs, lost sales or backorders, lead time, review, budget, capacity, span of orders",
    ),
]
StockFile = Annotated[
    str | None,
    typer.Option(
        "--stock",
        help="CSV, Excel, Parquet, DuckDB or postgresql://…::TABLE: unique_id, on_hand, on_order, due, case_pack, …",
    ),
]
Notes = Annotated[
    Path | None,
    typer.Option(help="dated notes, whose signals a forecast can follow: CSV, JSONL, Markdown, HTML or a folder"),
]
SignalsMode = Annotated[
    Literal["ask", "apply", "off"] | None,
    typer.Option(
        "--signals",
        help="of --notes: ask shows what they would change (default), apply follows --trust, off reads none",
    ),
]
ReadBy = Annotated[Literal["rules", "engine"], typer.Option("--reader", help="who reads the notes; engine: --engine's")]
Trust = Annotated[
    list[str] | None, typer.Option(help="with --signals apply: a source whose signals are followed; again for more")
]
Certainty = Annotated[float, typer.Option(min=0, max=1, help="with --signals apply: that a signal must have, at least")]
AtMost = Annotated[float, typer.Option(min=1, max=30, help="times the usual sales that a note's size counts at most")]
DeliveryFile = Annotated[
    str | None,
    typer.Option("--deliveries", help="past deliveries: lead times of suppliers, where the stock file has none"),
]
Router = Annotated[
    str, typer.Option(help="who chooses the tools: a fine-tuned router by NAME or FOLDER, engine, or rules")
]
SessionFile = Annotated[Path | None, typer.Option(help="JSON lines that the session is kept in and taken up from")]
EventFile = Annotated[str | None, typer.Option("--events", help="what customers did: see skucast customers")]
LedgerAt = Annotated[
    str | None,
    typer.Option("--ledger", help="FILE.duckdb or postgresql://…; default: one for each file of sales"),
]
Publish = Annotated[
    bool,
    typer.Option("--publish", help="write the forecasts into the ledger; skucast track holds them against sales"),
]
As = Annotated[str | None, typer.Option("--as", help="who acts; default the name of the account")]
RolesFile = Annotated[
    Path | None, typer.Option("--roles", help="TOML: who may do what; default: roles.toml by the ledger")
]
