"""The value models, over files and tables: a library without Django.

Here live reading, summing up, the models of purchases, spend and sending, what people are worth and
who is slipping away, the report, and a made-up town to test it all. What is kept, scored nightly
or acted upon lives elsewhere.

``score`` takes the whole way from files to findings; the models are there to use on their own.
"""

from regulars.insight.engines import open_engine
from regulars.insight.histories import Histories
from regulars.insight.output import check_place, check_replaces, summary_text
from regulars.insight.packed import PackedSummary, summarise_packed
from regulars.insight.purchase import (
    MODELS,
    PurchaseModel,
    count_interval,
    fit_purchases,
    forecast_total,
    simulate_histories,
)
from regulars.insight.reading import PurchaseLines, Source, read_purchases, read_referrals
from regulars.insight.report import (
    render_report,
    write_report,
)
from regulars.insight.report.findings import Findings, findings, people_to_know
from regulars.insight.report.section import Table
from regulars.insight.report.wording import money
from regulars.insight.result import ScoreResult
from regulars.insight.run_files import REJECTED, REJECTED_REFERRALS
from regulars.insight.score import Scored, ScoreRequest, score, scoring, write_outputs
from regulars.insight.sender.claims import resolve_claims
from regulars.insight.sender.quadrants import QUADRANTS
from regulars.insight.sender.value import SenderInputs, sender_values
from regulars.insight.settings import Settings
from regulars.insight.spend import SpendModel, fit_spend
from regulars.insight.summary import Summary, summarise
from regulars.insight.town import Town, simulate_town, write_town
from regulars.insight.town.comparison import Comparison, compare_with_truth
from regulars.insight.town.simulation import TODAY, UNRECORDED_SHARE, check_town
from regulars.insight.value import CustomerValue, customer_value

__all__ = [
    "MODELS",
    "QUADRANTS",
    "REJECTED",
    "REJECTED_REFERRALS",
    "TODAY",
    "UNRECORDED_SHARE",
    "Comparison",
    "CustomerValue",
    "Findings",
    "Histories",
    "PackedSummary",
    "PurchaseLines",
    "PurchaseModel",
    "ScoreRequest",
    "ScoreResult",
    "Scored",
    "SenderInputs",
    "Settings",
    "Source",
    "SpendModel",
    "Summary",
    "Table",
    "Town",
    "check_place",
    "check_replaces",
    "check_town",
    "compare_with_truth",
    "count_interval",
    "customer_value",
    "findings",
    "fit_purchases",
    "fit_spend",
    "forecast_total",
    "money",
    "open_engine",
    "people_to_know",
    "read_purchases",
    "read_referrals",
    "render_report",
    "resolve_claims",
    "score",
    "scoring",
    "sender_values",
    "simulate_histories",
    "simulate_town",
    "summarise",
    "summarise_packed",
    "summary_text",
    "write_outputs",
    "write_report",
    "write_town",
]
