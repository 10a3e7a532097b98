"""Files from a browser: to disk as they come, in the home folder, and no further than the limit."""

import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from regulars.jobs.files import ARRIVING, root
from regulars.jobs.uploads import MEGABYTE


class ToDisk(FileUploadHandler):
    """Writes a file beside where it will lie; it is gone when the request is over."""

    def new_file(self, *told: Any, **named: Any) -> None:
        """A file begins."""
        super().new_file(*told, **named)
        folder = root() / ARRIVING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.target = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115  (closed with the request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A part of it comes."""
        if start + len(raw_data) > settings.REGULARS_UPLOAD_MB * MEGABYTE:
            self.target.close()
            raise StopUpload
        self.target.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """It is whole."""
        self.target.seek(0)
        return UploadedFile(
            file=self.target,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )

    def upload_interrupted(self) -> None:
        """It never will be."""
        if hasattr(self, "target"):
            self.target.close()
