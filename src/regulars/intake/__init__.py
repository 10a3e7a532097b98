"""The one way in: resolve who, append what, react.

Whatever happens comes through ``record``, whether from the counter, the API or a file. Here live the
finding of the customer, the dropping of what was seen before, and the one table of what
follows from what (``reactions``).
"""
