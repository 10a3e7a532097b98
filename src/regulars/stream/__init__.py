"""The one log of everything that happened.

Here live events, the registry of their types, appending and the timeline.
Events are never changed; a correction is another event. They carry ids and facts, never a
personal value: who somebody is lives in ``people``. What follows from an event is decided in
``intake``.
"""
