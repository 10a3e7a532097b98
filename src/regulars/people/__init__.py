"""Customers without cards, and the employees who know them.

Here live customers and their identities, who is one person, what is remembered of them, what they agreed
to and whether they may be contacted, and the business and its employees. Nothing personal lives anywhere
else. What customers did is in ``stream``; what follows from it is decided in ``intake``.
"""
