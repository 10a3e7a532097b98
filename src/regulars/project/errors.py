"""What can keep the server from starting."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class PortTaken(RegularsError):
    """Something else listens where the server should."""

    code = "port_taken"
    sentence = mark(
        "Something listens at port {port} already; is Regulars running? Else use --port."
    )
