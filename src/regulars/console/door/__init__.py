"""The door: signing in, the second step, and what each sets up of it for themselves.

django-allauth knows how it is done (stages, codes, passkeys, asking again); what it says, how it looks, who
is asked, and who has to wait is ours. Only the addresses in `regulars.console.urls` are routed.
"""
