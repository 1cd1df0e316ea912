"""explain: the evidence of a forecast."""

from ..data.groups import Group
from ..insight.answer import Answer
from .fields import Product
from .kit import Arguments, Desk, Tool


class Explain(Arguments):
    """Why a forecast is as it is: what drives it, why it is higher or lower."""

    product: Product | None = None


def run(desk: Desk, request: Explain) -> Answer:
    """The evidence of the last forecast, or of a new one."""
    last = desk.last_forecast()
    uid = desk.one(request.product) if request.product or last is None else last.unique_id
    report = desk.last_forecast(uid) or desk.forecast(desk.panel, uid, desk.periods(None))
    whole = Group.of(uid) is not None
    return Answer(
        tuple(one for _, one in report.reasons),
        products=() if whole else (uid,),
        sources=tuple(source for source, _ in report.reasons),
    )


TOOL = Tool(Explain, run, retold=True, rank=1)
