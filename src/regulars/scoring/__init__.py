"""Insight brought home: what everybody is worth, night after night, and who belongs together.

Here live runs of scoring with their history, life cycles and segments. How scores are computed is in
``insight``; who somebody is in ``people``; what follows from a score elsewhere.
"""
