"""Customers without cards, and the employees who know them.

Here live customers and their identities, how they are recognised, what they like, and
the business and its employees. What customers did is in ``stream``; what follows
from it is decided in ``intake``.
"""
