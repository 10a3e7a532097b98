"""What must leave the building: a row in the same transaction as what caused it, delivered afterwards.

A row carries ids alone, never a personal value, so that erasing somebody leaves nothing here. It is delivered at
least once: whoever is killed in between is followed by another once the claim has run out. What
cannot be delivered is tried again after growing waits, and in the end given up with its reason.
"""
