"""What can stand between us and the database, and is nobody's mistake in asking."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class DatabaseUnreachable(RegularsError):
    """The database does not answer, or its file cannot be opened."""

    code = "database_unreachable"
    http_status = 503
    sentence = mark("The database cannot be opened: {why}")


class DiskFull(RegularsError):
    """The database has no room for what was to be written."""

    code = "disk_full"
    http_status = 507
    sentence = mark("There is no room left on the disk. Nothing was written; send it again later.")
