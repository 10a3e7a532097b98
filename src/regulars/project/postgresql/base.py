"""Django's PostgreSQL, which asks of a connection that was kept whether it still stands.

Every connection shares a lock that a restore has alone: no data are replaced that somebody works with, and
nobody begins to work with data that are being replaced.
"""

from select import POLLIN, poll
from typing import Any, ClassVar

import psycopg
from django.db.backends.postgresql import base

IN_USE = 0x5265_6775_6C61_7273  # of PostgreSQL's advisory locks, in this database
SHARE = "SELECT pg_try_advisory_lock_shared(%s)"


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc, unused-ignore]
    """Connections that are kept from request to request.

    Attributes:
        has_it_alone: Whether this process replaces the data, and holds the lock already.
    """

    has_it_alone: ClassVar[bool] = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection, unless the data are being replaced.

        Raises:
            psycopg.OperationalError: They are.
        """
        connection = super().get_new_connection(conn_params)
        if not self.has_it_alone:
            with connection.cursor() as cursor:
                (is_free,) = cursor.execute(SHARE, (IN_USE,)).fetchone()
            connection.commit()
            if not is_free:
                connection.close()
                raise psycopg.OperationalError("the data are being replaced by those of a backup")
        return connection

    def is_usable(self) -> bool:
        """Whether the server is still there, as far as can be known without asking it something.

        Nothing comes unasked but the server's farewell, so a connection with something to read has ended.
        Django would send a query before every request.
        """
        if self.connection is None or self.connection.closed:
            return False
        farewell = poll()
        farewell.register(self.connection.fileno(), POLLIN)
        return not farewell.poll(0)
