"""Outreach: what the business says to its customers when they are not here.

Here lives the one account that mail goes out by, every message with what became of it, the question for
consent and its answer, and what comes back. Who may be written to at all, `regulars.people.contact` says; when a
message is tried, `regulars.kernel.outbox` does.
"""
