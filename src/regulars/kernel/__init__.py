"""What every room stands on: errors, money, time, language, progress.

Here live notions that would be the same in any business software.
No word of customers, purchases or referrals, and no import from other rooms.
"""
