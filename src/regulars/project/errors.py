"""What can keep the server from starting."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class PortTaken(RegularsError):
    """Something else listens where the server should."""

    code = "port_taken"
    sentence = mark(
        "Something listens at port {port} already; is Regulars running? Else use --port."
    )


class DatabaseUnreachable(RegularsError):
    """The database does not answer, or its file cannot be opened."""

    code = "database_unreachable"
    http_status = 503
    sentence = mark("The database cannot be opened: {why}")
