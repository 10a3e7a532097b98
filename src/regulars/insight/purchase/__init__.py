"""How often customers will buy: BG/NBD, MBG/NBD and Pareto/NBD over histories.

``fit_purchases`` fits by exact maximum likelihood; a ``PurchaseModel`` tells who is still active
and what is to come; ``forecast_total`` and ``count_interval`` say how sure that is;
``simulate_histories`` draws customers from a model. Nothing here knows of money, files or days of
the calendar.
"""

from regulars.insight.purchase.beta_geometric import BgNbd, MbgNbd
from regulars.insight.purchase.errors import NotEnoughRepeats
from regulars.insight.purchase.fit import MODELS, fit_purchases
from regulars.insight.purchase.forecast import (
    Forecast,
    count_interval,
    forecast_total,
    total_interval,
)
from regulars.insight.purchase.model import PurchaseModel
from regulars.insight.purchase.pareto import ParetoNbd
from regulars.insight.purchase.simulate import simulate_histories

__all__ = [
    "MODELS",
    "BgNbd",
    "Forecast",
    "MbgNbd",
    "NotEnoughRepeats",
    "ParetoNbd",
    "PurchaseModel",
    "count_interval",
    "fit_purchases",
    "forecast_total",
    "simulate_histories",
    "total_interval",
]
