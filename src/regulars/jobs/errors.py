"""What can be wrong with long work and its files."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class NoSuchJob(RegularsError):
    """A job that is not there."""

    code = "no_such_job"
    http_status = 404
    sentence = mark("There is no such job.")


class NoSuchUpload(RegularsError):
    """A file that was never handed in."""

    code = "no_such_upload"
    http_status = 404
    sentence = mark("There is no such file; hand it in again.")


class FileGone(RegularsError):
    """A file whose time is over."""

    code = "file_gone"
    http_status = 410
    sentence = mark(
        "The file is not kept any more: its time was over, or somebody was erased. Ask for it again."
    )


class NoFileChosen(RegularsError):
    """A form that was sent without a file."""

    code = "no_file_chosen"
    sentence = mark("Choose a file first.")


class UploadEmpty(RegularsError):
    """A file without a byte."""

    code = "upload_empty"
    sentence = mark("The file is empty.")


class UploadTooLarge(RegularsError):
    """A file that is larger than what is taken through the browser."""

    code = "upload_too_large"
    http_status = 413
    sentence = mark(
        "A file may have {limit} MB here; save it as Parquet, which is smaller, or use “regulars import”."
    )


class UploadCutShort(RegularsError):
    """A file that ended before it was all there."""

    code = "upload_cut_short"
    sentence = mark("The file did not arrive whole; hand it in again.")


class UploadUnnamed(RegularsError):
    """A file whose name does not say what it is."""

    code = "upload_unnamed"
    sentence = mark("“{name}” is neither CSV nor Parquet by its name; save the sheet as CSV.")


class JobUnderWay(RegularsError):
    """A file is taken in already."""

    code = "job_under_way"
    http_status = 409
    sentence = mark("This file is being worked at already.")


class JobLost(RegularsError):
    """Work that made its worker end, again and again."""

    code = "job_lost"
    http_status = 500
    sentence = mark("The work was cut off {times} times and is not tried again by itself.")


class JobFailed(RegularsError):
    """Something broke on our side during work."""

    code = "job_failed"
    http_status = 500
    sentence = mark("Something broke on our side. Try again; the log of the server says where.")


class FileExists(RegularsError):
    """A file where an export is to go."""

    code = "file_exists"
    sentence = mark("{path} is there already; choose another name.")


class UnknownForm(RegularsError):
    """A file whose name does not say which form it is to have."""

    code = "unknown_form"
    sentence = mark(
        "End the name of {path} in .csv, .parquet, .json or .jsonl, to say what it is to be."
    )
