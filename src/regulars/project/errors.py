"""What can keep the server from starting."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class PortTaken(RegularsError):
    """Something else listens where the server should."""

    code = "port_taken"
    sentence = mark(
        "Something listens at port {port} already; is Regulars running? Else use --port."
    )


class RunsAlready(RegularsError):
    """A second server on a shop's own file."""

    code = "runs_already"
    sentence = mark("Regulars runs with the data in {folder} already: {where}")


class WorksAlready(RegularsError):
    """A second worker on a shop's own file."""

    code = "works_already"
    sentence = mark(
        "The nightly and long work for {folder} is done already, by process {where}. One is enough; a "
        "server beside it is started with --no-worker."
    )


class NoDatabase(RegularsError):
    """A home without a database."""

    code = "no_database"
    sentence = mark("There is no database in {folder}; --home says where it lies.")


class BackupExists(RegularsError):
    """A file where a backup is to go."""

    code = "backup_exists"
    sentence = mark(
        "{path} is there already, and no backup is ever written over; choose another name."
    )


class OtherDatabase(RegularsError):
    """A backup of one kind of database for another."""

    code = "other_database"
    sentence = mark(
        "{path} is a backup of {theirs}, and this installation keeps its data in {ours}."
    )


class HomeNotEmpty(RegularsError):
    """Data where a backup is to be restored."""

    code = "home_not_empty"
    sentence = mark(
        "There are data in {folder} already; --force puts the backup in their place and keeps them beside it."
    )


class HomeInUse(RegularsError):
    """A database that is being used while it is to be replaced."""

    code = "home_in_use"
    sentence = mark("Regulars is running with the data in {folder}; stop it first.")


class ToolAbsent(RegularsError):
    """A program of PostgreSQL that is not installed."""

    code = "tool_absent"
    sentence = mark(
        "{tool} is not installed here; it comes with PostgreSQL’s client programs (on Debian: "
        "postgresql-client)."
    )


class ToolFailed(RegularsError):
    """A program of PostgreSQL that did not do its work."""

    code = "tool_failed"
    sentence = mark("{tool} failed: {why}")


class WorkersNeedPostgresql(RegularsError):
    """Several processes on a shop's own file."""

    code = "workers_need_postgresql"
    sentence = mark(
        "A shop's own file is for one process; with --workers above 1 set DATABASE_URL to PostgreSQL."
    )
