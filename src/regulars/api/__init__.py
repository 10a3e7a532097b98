"""The door for developers: ``/api/v1``.

Keys with scopes, strict JSON, problem+json, cursors, limits. What a route does is done by the rooms
below; here is only what machines that talk to us need.
"""
