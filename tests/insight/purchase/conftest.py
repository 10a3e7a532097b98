"""The three models fitted to CDNOW's sample, and models to ask without any data."""

from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from regulars.insight.histories import Histories
from regulars.insight.purchase import MODELS, PurchaseModel, fit_purchases


class Seen(Protocol):
    """A base of customers, and what they bought later."""

    histories: Histories
    holdout_x: NDArray[np.int64]


@pytest.fixture(scope="session")
def cdnow_fits(cdnow: Seen) -> dict[str, PurchaseModel]:
    return {name: fit_purchases(cdnow.histories, model=name) for name in MODELS}
