"""The report: one self-contained HTML page that a shop owner understands.

Each section is built by its own module from a ``ScoreResult`` into words and pictures; the
templates only lay them out. No figure is computed here that is not a sum, a share or a count of
the scores, and nothing is read from files or the network but this package's own templates.
"""

from regulars.insight.report.writing import render_report, write_report

__all__ = ["render_report", "write_report"]
