"""Regulars: customer loyalty software that knows its customers.

The rooms, from the ground up: ``kernel`` (no word of the business), ``insight``
(the value models, over files and tables), ``cli`` (the command line).
``docs/map.md`` shows the house.
"""

__version__ = "0.1.0"
