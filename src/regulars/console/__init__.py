"""The console: what the owner and the manager open every morning.

Views parse, authorise, open the one transaction, call one service and render a typed page. No rule of
the business lives here.
"""
