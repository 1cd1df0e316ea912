"""Explanations: the LLM retells the evidence, code checks every number, and a template stands in where it fails."""

import re
from collections.abc import Callable, Sequence

from ...prompts.chats import explain_chat
from ...prompts.render import render
from ...prompts.retelling import answering, foci_of, kind_of, retelling_grammar
from ..engines.base import Completion, Constraint, Engine, Message
from .grounding import ground
from .report import Evidence, Explanation

MAX_TOKENS = 240
UNNAMED = "this product"  # where its name, which is text from outside, is not to reach the LLM
SIGNAL = "signal"  # the tool of what notes change, which is always told
VALIDATION = "validation"  # the tool of the evidence on how the LLM did
REASONS = 3  # that a person is told beside the forecast
BEARING = (  # kinds of reason that say much the same: one of each is told, the first groups before the last
    ("stockout.", "coupon.", "discount.", "promo.", "price.up.", "price.down.", "price.times.", "display.", "mailer."),
    ("deals.",),
    ("outlook.up.", "outlook.down.", "outlook.times.", "level."),
    ("season.yearly.", "season.not.", "season.some.", "last_year."),
    ("response.", "intermittent.", "level."),
    ("plan.", "price."),
    ("group",),
)
LESS = ("last_year", "response")  # what gives way to causes, where there is more than can be told
FACTS_SHOWN = 6  # a small model loses the thread beyond this


def selected(evidence: Sequence[Evidence], most: int = FACTS_SHOWN) -> list[Evidence]:
    """The evidence that is shown: the first of it. How the LLM did is no reason of a planner's, unless asked for."""
    return [item for item in evidence if item.tool != VALIDATION][:most] or list(evidence)


def told(evidence: Sequence[Evidence], question: str = "") -> list[Evidence]:
    """What a person is told of a forecast: the forecast, and a few reasons that bear on the question.

    Of each of the groups of `BEARING` the first that there is; the rest stays in the evidence. Where the question says
    what it is after, all that answers it, up to as many.

    Args:
        evidence: of one forecast, itself the first.
        question: the person's words; none where nobody asked.
    """
    found = answering(evidence, *foci_of(question))
    if len(found) < len(evidence):
        first = sorted(found[1:], key=lambda item: kind_of(item).startswith(LESS))[: REASONS + 1]
        return [item for item in found if item is found[0] or item in first]
    kinds = {kind_of(item): item for item in reversed(selected(evidence, len(evidence))[1:])}
    chosen: list[str] = []
    for group in BEARING:
        if (one := next((kinds[kind] for part in group for kind in kinds if f"{kind}.".startswith(part)), None)) and (
            len(chosen) < REASONS
        ):
            chosen.append(one.id)
    return [evidence[0], *(item for item in evidence[1:] if item.id in chosen or item.tool == SIGNAL)]


def templated(evidence: Sequence[Evidence], rejected: str | None = None) -> Explanation:
    """The explanation by template: the evidence's own sentences, the forecast first."""
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
        progress: called with how many are done.

    Raises:
        EngineError: the engine could not answer.
    """
    answers = write(engine, products, evidence, progress=progress)
    return [judge(answer.texts[0], items) for answer, items in zip(answers, evidence, strict=True)], answers


def write(
    engine: Engine,
    products: Sequence[str],
    evidence: Sequence[Sequence[Evidence]],
    asked: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> list[Completion]:
    """What the LLM writes of each series' evidence, not yet checked.

    An engine that knows grammars is held to the retellings of `prompts/retelling.py`: which facts it tells, which of
    them together and in which words is the LLM's choice; where somebody asked, all facts that bear on the question are
    told and no others. A server that knows none writes as it likes.

    Args:
        engine: the model.
        products: what each series is called in words.
        evidence: what each text may use, the forecast first.
        asked: the person's question about each; none where nobody asked.
        progress: called with how many are done.

    Raises:
        EngineError: the engine could not answer.
    """
    prompts, constraints = [], []
    for product, items, question in zip(products, evidence, asked or [""] * len(products), strict=True):
        facts = told(items, question) if question else selected(items)
        turns = explain_chat(product, [fact.text for fact in facts], question)
        prompts.append(tuple(Message(role, content) for role, content in turns))
        constraints.append(Constraint("ebnf", retelling_grammar(facts, whole=bool(question))))
    return engine.generate(prompts, max_tokens=MAX_TOKENS, temperature=0.0, constraint=constraints, progress=progress)


def judge(answer: str, evidence: Sequence[Evidence]) -> Explanation:
    """The LLM's text, repaired once, where it states the forecast and every number is grounded; else the template.

    The repair leaves out the sentences that the evidence does not bear out.
    """
    text = repaired(answer, evidence)
    claims, loose = ground(text or " ".join(sentences(answer)), evidence)
    if loose:
        return templated(evidence, f"without evidence in the LLM's text: {', '.join(loose)}")
    if not text:
        return templated(evidence, "the LLM wrote no whole sentence")
    if evidence[0].id not in {claim.evidence for claim in claims}:
        return templated(evidence, "the LLM's text does not state the forecast")
    return Explanation(text=text, author="llm", claims=claims)


def repaired(answer: str, evidence: Sequence[Evidence]) -> str:
    """The whole sentences of an answer that the evidence bears out, each once."""
    return " ".join(sentence for sentence in sentences(answer) if not ground(sentence, evidence)[1])


def sentences(answer: str) -> list[str]:
    """The answer's sentences, each once, without an unfinished last one."""
    found = re.findall(r"[^.!?\s](?:[^.!?]|[.](?=\d))*[.!?]", " ".join(answer.split()))
    return list(dict.fromkeys(sentence.strip() for sentence in found))
