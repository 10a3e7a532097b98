"""Writing a table to a file that can be fetched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from regulars.jobs import files
from regulars.jobs.models import Job
from regulars.jobs.tables import export
from regulars.kernel.progress import Progress


def export_table(job: Job, *, progress: Progress, now: datetime) -> Mapping[str, Any]:
    """Writes a table into the job's folder.

    Args:
        job: As it was asked for.
        progress: Told about each stage.
        now: When.

    Returns:
        The file's name and how many rows it has.
    """
    del now
    folder = files.job_folder(job.id)
    files.remove(folder)  # what an earlier worker had begun
    folder.mkdir(mode=0o700, parents=True)
    name = f"{job.options['table']}.{job.options['form']}"
    asked = job.options.get("since")
    since = datetime.fromisoformat(asked) if asked else None
    rows = export(what=job.options["table"], path=folder / name, since=since, progress=progress)
    return {"file": name, "rows": rows, "size_bytes": (folder / name).stat().st_size}
