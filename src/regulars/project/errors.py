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


class DatabaseDamaged(RegularsError):
    """A shop's own file that cannot be read as a database any more."""

    code = "database_damaged"
    sentence = mark(
        "{file} is damaged, as by a disk’s fault. Move it into another folder, and what lies beside it under the "
        "same name with -wal and -shm; then go back to a backup: {command}. Whoever was erased or took a yes "
        "back since that backup has to be told again."
    )


class HomeNotAFolder(RegularsError):
    """A file where the home folder should be."""

    code = "home_not_a_folder"
    sentence = mark("{path} is a file; choose a folder with --home, or by REGULARS_HOME.")


class SettingNoNumber(RegularsError):
    """A setting of the environment that has to be a number and is none."""

    code = "setting_no_number"
    sentence = mark("{name} is set to “{value}”; it has to be a whole number above 0, as 500.")


class InvalidProxies(RegularsError):
    """Proxies of the environment that are no addresses."""

    code = "invalid_proxies"
    sentence = mark(
        "{name} is set to “{value}”; it has to be addresses or networks with commas between them, as "
        "127.0.0.1,10.0.0.0/8."
    )


class InvalidDatabaseUrl(RegularsError):
    """A database of a kind that is none of ours, or an address that is none."""

    code = "invalid_database_url"
    sentence = mark(
        "DATABASE_URL cannot be used: it has to be PostgreSQL’s, as postgresql://user:password@host/name. Where it "
        "is not set, the data are in a file in the home folder."
    )
