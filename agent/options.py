"""Options of the command that say which models forecast, explain and answer."""

from typing import Annotated, Literal

import typer

EngineSpec = Annotated[
    str, typer.Option(help="hf:[FOLDER or NAME] | openai:MODEL@URL | vllm:[FOLDER] | none (statistics alone)")
]
BaseKind = Annotated[
    Literal["ensemble", "combined"],
    typer.Option(help="ensemble (statistics, quick) | combined (learned over all series first: slower, better)"),
]
Country = Annotated[str | None, typer.Option(help="ISO code, for public holidays, with --base combined")]
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
