"""What can be wrong with a backup."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class NotABackup(RegularsError):
    """A file that is no backup of ours."""

    code = "not_a_backup"
    sentence = mark("{path} is no backup of Regulars.")


class BackupDamaged(RegularsError):
    """A backup that is not as it was written."""

    code = "backup_damaged"
    sentence = mark("The backup {path} cannot be relied on: {why}")


class RestoreCutOff(RegularsError):
    """A restore that the computer did not get to the end of."""

    code = "restore_cut_off"
    sentence = mark("It was cut off before anything was replaced.")


class RestoreTooLate(RegularsError):
    """A restore that was asked for, and Regulars was not started again for long after."""

    code = "restore_too_late"
    sentence = mark("It was asked for long before Regulars was started again.")


class RestoreFailed(RegularsError):
    """A restore that stumbled over something that nobody thought of."""

    code = "restore_failed"
    sentence = mark("The backup could not be put in place: {why}")
