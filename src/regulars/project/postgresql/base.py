"""Django's PostgreSQL, which asks of a connection that was kept whether it still stands."""

from selectors import EVENT_READ, DefaultSelector

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc, unused-ignore]
    """Connections that are kept from request to request."""

    def is_usable(self) -> bool:
        """Whether the server is still there, as far as can be known without asking it something.

        Nothing comes unasked but the server's farewell, so a connection with something to read has ended.
        Django would send a query before every request.
        """
        if self.connection is None or self.connection.closed:
            return False
        with DefaultSelector() as selector:
            selector.register(self.connection.fileno(), EVENT_READ)
            return not selector.select(0)
