"""Files of millions: the set-based form of the one way in.

Here files of purchases, refunds, referrals and customers become events and people, in whole
chunks, each a transaction, in the order in which things happened. What follows is the same as of
``record``, event by event; a test compares them. How files are read is in ``insight.reading``.
"""
