"""Scores and a summary as a run would write them, drawn at random and fixed by a seed."""

from copy import deepcopy
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.insight.settings import Settings

UNTIL = date(2026, 6, 30)
FIRST = (
    *("Ana", "Ben", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kanya"),
    *("Lucía", "Malee", "Niran", "Olga", "Paolo", "Quentin", "Rosa", "Somchai", "Tilda", "Umut"),
    *("Vera", "Wanda", "Xavier", "Yuki", "Zoe", "สมชาย", "มาลี", "กานดา", "นิรันดร์"),
)
LAST = (
    *("Sommer", "Vogel", "Ortega", "Blau", "Prasert", "Winter", "Lang", "Ruiz", "Keller"),
    *("Suksai", "Moreno", "Falk"),
)


def customer_names(count: int) -> list[str]:
    """Names of people, all different for the first few hundred."""
    return [f"{FIRST[i % len(FIRST)]} {LAST[(i // len(FIRST)) % len(LAST)]}" for i in range(count)]


def quintiles(values: np.ndarray) -> np.ndarray:
    """Five groups of about equal size, 5 for the largest."""
    return 1 + np.minimum(np.searchsorted(np.sort(values), values) * 5 // len(values), 4)


def scores_table(count: int, *, seed: int = 1) -> pa.Table:
    """Scores of so many customers, with referrals."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.7, 0.35, count)
    age = rng.uniform(2, 104, count)
    x = rng.poisson(rate * age * rng.uniform(0.3, 1, count))
    t_x = np.where(x > 0, age * rng.beta(4, 1.3, count), 0.0)
    monetary = rng.gamma(6, 3, count)
    p_alive = np.clip(1 - 0.6 * (age - t_x) / age * rng.uniform(0.6, 1.4, count), 0.02, 0.99)
    expected = p_alive * (0.7 + x) / (6 + age) * 50
    clv = expected * monetary * 0.95
    friends = np.where(rng.random(count) < 0.12, rng.poisson(1.8, count), 0)
    realised = friends * rng.gamma(2, 60, count)
    ahead = friends * rng.gamma(2, 25, count)
    future = p_alive * (0.05 + friends) / (20 + age) * 40
    sending = realised + ahead + future * 80
    cut_clv, cut_sending = float(np.quantile(clv, 0.8)), 150.0
    high, sends = clv >= cut_clv, (friends > 0) & (sending >= cut_sending)
    quadrant = np.select([high & sends, high, sends], ["champion", "affluent", "advocate"], "other")
    value_to_date = monetary * (1 + x)
    return pa.table(
        {
            "customer_id": [f"C{i:07d}" for i in range(count)],
            "customer_name": customer_names(count),
            "x": x,
            "t_x": t_x,
            "age": age,
            "monetary": monetary,
            "r": quintiles(t_x - age),
            "f": quintiles(x),
            "v": quintiles(value_to_date),
            "p_alive": p_alive,
            "expected_purchases": expected,
            "clv": clv,
            "clv_low": clv * 0.4,
            "clv_high": clv * 1.8,
            "value_to_date": value_to_date,
            "purchases": x + 1,
            "referred": rng.random(count) < 0.2,
            "friends": friends,
            "crv_realised": realised / 2,
            "crv_expected": ahead / 2,
            "cascade_realised": realised,
            "cascade_expected": ahead,
            "engagement_share": clv,
            "expected_referrals": future,
            "sender_value": sending,
            "sender_value_low": sending * 0.6,
            "sender_value_high": sending * 1.5,
            "quadrant": quadrant,
        }
    )


def settings_told(settings: Settings) -> dict[str, Any]:
    """The settings as a summary tells them."""
    days = ("until", "validate_until")
    told = asdict(settings)
    return told | {name: told[name] and told[name].isoformat() for name in days}


PURCHASE_MODEL = {
    "name": "pareto-nbd",
    "unit": "week",
    "params": {"r": 0.5531, "alpha": 10.5763, "s": 0.6063, "beta": 11.6715},
    "standard_errors": {"r": 0.0476, "alpha": 0.8427, "s": 0.1874, "beta": 6.2049},
    "log_likelihood": -9594.976,
    "p_alive_from": "pareto-nbd",
    "trials": [],
}
SPEND_MODEL = {
    "name": "gamma-gamma",
    "params": {"p": 6.2496, "q": 3.7442, "v": 15.4435},
    "standard_errors": {"p": 1.1895, "q": 0.2899, "v": 2.6612},
    "log_likelihood": -4055.918,
    "frequency_correlation": 0.04,
    "frequency_dependent": False,
}
HOLDOUT = {
    "until": "2026-12-29",
    "actual": 1882,
    "expected": 1846.2,
    "interval": [1772.0, 1921.0],
    "correlation": 0.63,
    "mae": 0.75,
}
REFERRALS = {
    "read": 512,
    "accepted": 470,
    "set_aside": {"self_referral": 3, "already_referred": 39},
    "rejected": {},
}
BROUGHT = {
    "friends": 470.0,
    "realised": 18240.0,
    "expected_known": 7120.5,
    "expected_future": 2000.0,
    "expected": 9120.5,
    "recorded_share": 0.8,
    "corrected": {
        "friends": 587.5,
        "realised": 22800.0,
        "expected_known": 8900.6,
        "expected_future": 2500.0,
        "expected": 11400.6,
    },
}
REJECTED = {"no_customer": 214, "bad_date": 12, "after_until": 78, "repeated_line": 3}


def summary_of(scores: pa.Table, settings: Settings) -> dict[str, Any]:
    """The summary that goes with the scores."""
    purchases = int(scores["purchases"].to_numpy().sum())
    selected = purchases + 315
    return {
        "as_of": settings.until.isoformat(),
        "currency": "EUR",
        "customers": len(scores),
        "purchases": purchases,
        "refunds": purchases // 40,
        "rows": {
            "read": selected,
            "selected": selected,
            "used": selected - sum(REJECTED.values()),
        },
        "rejected": dict(REJECTED),
        "kept": {"repeated_row": 8, "further_line": 2},
        "refunds_matched": {"same_order": 30},
        "referrals": deepcopy(REFERRALS),
        "ladder": "models",
        "ladder_reason": "",
        "purchase_model": deepcopy(PURCHASE_MODEL),
        "spend_model": deepcopy(SPEND_MODEL),
        "holdout": deepcopy(HOLDOUT),
        "value": value_of(scores),
        "settings": settings_told(settings),
        "notes": [],
        "changes": None,
    }


def value_of(scores: pa.Table) -> dict[str, Any]:
    """What all of the customers are worth, and those of each quadrant."""
    clv, sending, quadrant = (
        scores[name].to_numpy() for name in ("clv", "sender_value", "quadrant")
    )
    total = float(clv.sum())
    return {
        "to_date": float(scores["value_to_date"].to_numpy().sum()),
        "spender_total": total,
        "spender_interval": [total * 0.94, total * 1.06],
        "sender_total": total * 0.14,
        "quadrants": {
            name: {
                "customers": int((quadrant == name).sum()),
                "clv": float(clv[quadrant == name].sum()),
                "sender_value": float(sending[quadrant == name].sum()),
            }
            for name in ("champion", "affluent", "advocate", "other")
        },
        "cuts": {
            "version": 1,
            "rule": "",
            "basis": "clv",
            "clv": float(np.quantile(clv, 0.8)),
            "sender_value": 150,
        },
        "brought": deepcopy(BROUGHT),
    }
