"""Explanations: the LLM retells the evidence, code checks every number, and a template stands in where it fails."""

import re
from collections.abc import Callable, Sequence

from ..prompts.chats import explain_chat
from ..prompts.render import render
from .engines.base import Completion, Constraint, Engine, Message
from .grounding import NUMBER, ground
from .report import Evidence, Explanation

MAX_TOKENS = 120
FACTS_SHOWN = 5  # a small model loses the thread beyond this


def told(evidence: Sequence[Evidence]) -> list[Evidence]:
    """What the template tells of the evidence: the first of it, and what the LLM earned."""
    return [*evidence[:FACTS_SHOWN], *(item for item in evidence[FACTS_SHOWN:] if item.tool == "validation")]


def templated(evidence: Sequence[Evidence], rejected: str | None = None) -> Explanation:
    """The explanation by template: the evidence's own sentences, the forecast first, what the LLM earned last."""
    text = " ".join(render("explanation", facts=[item.text for item in told(evidence)]).split())
    claims, loose = ground(text, evidence)
    if loose:
        raise AssertionError(f"the evidence does not ground its own text: {loose}")
    return Explanation(text=text, author="template", claims=claims, rejected=rejected)


def explain(
    engine: Engine,
    products: Sequence[str],
    evidence: Sequence[Sequence[Evidence]],
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Explanation], list[Completion]]:
    """Explanations by the LLM, one a series, each checked; those that fail are templated and say why.

    Args:
        engine: the model.
        products: what each series is called in words.
        evidence: what each explanation may use, the forecast first.
        progress: told how many are done.

    Raises:
        EngineError: the engine could not answer.
    """
    prompts, constraints = [], []
    for product, items in zip(products, evidence, strict=True):
        facts = [item.text for item in items[:FACTS_SHOWN]]
        turns = explain_chat([product, *facts])
        prompts.append(tuple(Message(role, content) for role, content in turns))
        constraints.append(number_grammar(" ".join(facts)))
    answers = engine.generate(
        prompts, max_tokens=MAX_TOKENS, temperature=0.0, constraint=constraints, progress=progress
    )
    explanations = [judge(answer.texts[0], items) for answer, items in zip(answers, evidence, strict=True)]
    return explanations, answers


def judge(answer: str, evidence: Sequence[Evidence]) -> Explanation:
    """The LLM's text where every number is grounded and the forecast is stated; else the template, with the reason."""
    text = _whole_sentences(answer)
    if not text:
        return templated(evidence, "the LLM wrote no whole sentence")
    claims, loose = ground(text, evidence)
    if loose:
        return templated(evidence, f"without evidence in the LLM's text: {', '.join(loose)}")
    if evidence[0].id not in {claim.evidence for claim in claims}:
        return templated(evidence, "the LLM's text does not state the forecast")
    return Explanation(text=text, author="llm", claims=claims)


def _whole_sentences(answer: str) -> str:
    """The answer without an unfinished last sentence and without sentences said twice."""
    sentences = re.findall(r"[^.!?\s](?:[^.!?]|[.](?=\d))*[.!?]", " ".join(answer.split()))
    return " ".join(dict.fromkeys(sentence.strip() for sentence in sentences))


def number_grammar(facts: str) -> Constraint:
    """A grammar in which any text may stand, but no digits except the numbers of `facts`, each whole.

    Checking still follows: the grammar makes an ungrounded number rare, the check makes it impossible.
    """
    numbers = sorted({match[0].rstrip(",") for match in NUMBER.finditer(facts)}, key=lambda n: (-len(n), n))
    choice = " | ".join(f'"{number}"' for number in numbers) or '"0"'
    return Constraint(
        "ebnf",
        f"root ::= words (number words)*\nnumber ::= {choice}\nwords ::= [^0-9.,\\n] [^0-9\\n]* | [.,] [^0-9\\n]+\n",
    )
