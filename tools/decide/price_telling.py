"""Price lines as messages and tables: what a planner is told of a product's price, and of all."""

from collections.abc import Sequence

from ..data.freq import Freq
from ..forecast.elasticity import Assumed, Elasticity
from ..insight.answer import Table, columns
from ..messages import Count, Fact, Message, Money, Percent, ProductName, Score, Units, message
from .price import Goal, Outcome
from .price_lines import PriceLine, PriceTotals

COLUMNS = ("sku", "product", "price-now", "price-advised", "units-change", "gain", "gain-interval", "worse", "why")
WIDE = ("product",)  # columns that a narrow terminal has no room for, nor for elasticities as the reason
UNKNOWN, NONE = message("not-known"), message("price-none")


def table_of(lines: Sequence[PriceLine], goal: Goal, *, wide: bool = True) -> Table:
    """One row a line: price now and advised, change in units and in the goal, chance that it is worse, why."""
    told = any(map(_held, lines))  # by more than an elasticity
    kept = [place for place, name in enumerate(COLUMNS) if wide or (name not in WIDE and (told or name != "why"))]
    rows = tuple(tuple(row[place] for place in kept) for row in (_row(line, wide) for line in lines))
    return Table(message("price-table", goal=goal), columns(*(COLUMNS[place] for place in kept)), rows)


def _held(line: PriceLine) -> bool:
    """Whether a bound, or what is not known, keeps the price."""
    return bool(line.reason) or (line.advice is not None and (line.advice.below_floor or line.advice.no_ending))


def _row(line: PriceLine, wide: bool) -> tuple[Fact, ...]:
    because: Fact = why(line) if wide or _held(line) else NONE
    head: tuple[Fact, ...] = (line.unique_id, line.name.lower()[:30], Money(line.now) if line.now > 0 else UNKNOWN)
    made = line.advice
    if made is None:
        return (*head, *(NONE,) * 5, because)
    if not line.moves:
        return (*head, Money(made.price), *(Units(0.0),) * 2, NONE, Percent(0.0), because)
    gain = message("price-interval", low=Units(made.value.low), high=Units(made.value.high))
    change = (Units(made.units.mean), Units(made.value.mean), gain, Percent(100 * made.worse))
    return (*head, Money(made.price), *change, because)


def why(line: PriceLine) -> Message:
    """In a few words: the elasticity with its interval, why there is none, or why the price stays."""
    if line.reason:
        return message(f"price-why-{line.reason}")
    if line.advice is not None and line.advice.below_floor:
        return message("price-why-below-floor")
    if line.advice is not None and line.advice.no_ending:
        return message("price-why-no-ending")
    low, high = line.elasticity.interval
    return message("price-why-elasticity", mean=Score(line.elasticity.mean), low=Score(low), high=Score(high))


def line_messages(line: PriceLine, goal: Goal, span: Message, step: float) -> list[Message]:
    """What is told of one product."""
    product, made = ProductName(line.unique_id, line.name.lower()), line.advice
    if made is None:
        told = [message("price-refused", product=product, why=message(f"price-why-{line.reason}"))]
        known = line.elasticity.mean == line.elasticity.mean  # somebody has one
        return told + ([prior_message(line.elasticity)] if line.elasticity.reason and known else [])
    if made.below_floor:
        return [message("price-below-floor", product=product, now=Money(made.now), step=Percent(100 * step))]
    if not line.moves:
        told = [message("price-keep", product=product, now=Money(made.now), goal=goal, step=Percent(100 * step))]
    else:
        facts: dict[str, Fact] = {"product": product, "now": Money(made.now), "price": Money(made.price)}
        facts |= {"goal": goal, "span": span, "worse": Percent(100 * made.worse), "before": Units(made.before)}
        facts |= _interval("units", made.units) | _interval("value", made.value)
        told = [Message("price-advice", facts)]
    return [*told, elasticity_message(line.elasticity)]


def elasticity_message(found: Elasticity) -> Message:
    """An elasticity with its interval, and how much of it is the product's own."""
    low, high = found.interval
    values = {"mean": Score(found.mean), "low": Score(low), "high": Score(high)}
    return message("price-elasticity", **values, weight=Percent(100 * found.weight))


def prior_message(found: Elasticity) -> Message:
    """What like products say where the product's own past does not, named as that."""
    low, high = found.interval
    return message("price-prior", mean=Score(found.mean), low=Score(low), high=Score(high))


def total_messages(total: PriceTotals, goal: Goal, span: Message) -> list[Message]:
    """What all lines come to."""
    counts: dict[str, Fact] = {"count": Count(total.lines), "up": Count(total.up), "down": Count(total.down)}
    counts |= {"kept": Count(total.kept), "refused": Count(total.refused)}
    sums: dict[str, Fact] = {"units": Units(total.units), "value": Units(total.value), "before": Units(total.before)}
    return [Message("price-total", counts), Message("price-total-value", sums | {"goal": goal, "span": span})]


def assumption_messages(assumed: Assumed, freq: Freq, *, recovered: bool = False) -> list[Message]:
    """The range of one elasticity under ever weaker assumptions, and what all advice rests on."""
    found: dict[str, Fact] = {name: Score(value) for name, value in vars(assumed).items()}
    known = [Message("price-assumed-range", found | {"period": message(f"period-{freq}")})]
    of_demand = [message("orders-assumed-recovered")] if recovered else []
    return [*(known if assumed.late == assumed.late else []), message("price-assumed"), *of_demand]


def _interval(name: str, made: Outcome) -> dict[str, Fact]:
    return {name: Units(made.mean), f"{name}_low": Units(made.low), f"{name}_high": Units(made.high)}
