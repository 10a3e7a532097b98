"""Making people feel that they matter, in time: today's list and the next best thing.

Here live tasks, and whom to speak to next with what to say and why. Who somebody is lives in
``people``, what they did in ``stream``.
"""
