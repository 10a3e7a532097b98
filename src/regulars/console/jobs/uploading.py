"""Files from a browser: to disk as they come, in the home folder, from who may, and no further than the limit."""

import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from regulars.console.access import may_come
from regulars.jobs.errors import NoFileChosen, UploadTooLarge
from regulars.jobs.files import ARRIVING, root
from regulars.jobs.uploads import MEGABYTE

PAGES_WITH_FILES = frozenset({"imports"})


class ToDisk(FileUploadHandler):
    """Writes a file beside where it will lie; it is gone when the request is over.

    Django reads what is sent before the page's guard is asked, so it is asked here as well: of who may
    not come nothing is written, and nothing more is read. The limit is that of all files together.
    """

    arrived_bytes = 0
    is_too_large = False

    def new_file(self, *told: Any, **named: Any) -> None:
        """A file begins."""
        super().new_file(*told, **named)
        if not _may_send(self.request):
            raise StopUpload(connection_reset=True)
        folder = root() / ARRIVING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.target = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115  (closed with the request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  (Django's)
        """A part of it comes."""
        self.arrived_bytes += len(raw_data)
        if self.arrived_bytes > settings.REGULARS_UPLOAD_MB * MEGABYTE:
            self.is_too_large = True
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


def sent_file(request: HttpRequest, field: str) -> "UploadedFile[bytes]":
    """The file that was sent.

    Args:
        request: Behind a guard.
        field: Of the form.

    Raises:
        UploadTooLarge: More was sent than is taken.
        NoFileChosen: There is none.
    """
    sent = request.FILES.get(field)
    if any(isinstance(one, ToDisk) and one.is_too_large for one in request.upload_handlers):
        raise UploadTooLarge(limit=settings.REGULARS_UPLOAD_MB)
    if not isinstance(sent, UploadedFile):
        raise NoFileChosen
    return sent


def _may_send(request: HttpRequest | None) -> bool:
    """Whether files are taken at the address, and from who asks."""
    match = request.resolver_match if request is not None else None
    route = match.url_name if match is not None else None
    return request is not None and route in PAGES_WITH_FILES and may_come(request, str(route))
