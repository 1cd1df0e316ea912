"""A service over the small panel, of statistics alone, as the tests of the servers want it."""

from skucast.agent.chat.desk import Desk
from skucast.agent.chat.rules import RulesModel
from skucast.agent.faces.service import Service
from skucast.agent.forecast.forecaster import Forecaster
from skucast.tools.data.panel import Panel


def service_of(panel: Panel) -> Service:
    desk = Desk(panel, Forecaster(None, explanations="template"), source="sales.csv")
    return Service(desk, RulesModel(known=frozenset(panel.unique_ids)))
