"""What the slow proofs share with the quick tests."""

from tests.console.conftest import browser

__all__ = ["browser"]
