"""A café's town: people who buy, lapse, return things and tell one another.

Here live the simulated people, what they spend, what the café writes down of it, and the truth that
it never sees. The generating distributions are in ``docs/algorithms/town.md``. Nothing here
reads real data or estimates anything.
"""

from regulars.insight.town.simulation import Town, simulate_town, write_town

__all__ = ["Town", "simulate_town", "write_town"]
