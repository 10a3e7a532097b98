"""The addresses of long work."""

from django.urls import path

from regulars.console.jobs import imports, long_work

pages = (
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:upload_id>/", imports.one_import, name="import"),
    path("imports/<uuid:upload_id>/try/", imports.import_tried, name="import_tried"),
    path("imports/<uuid:upload_id>/take/", imports.import_taken, name="import_taken"),
    path("imports/<uuid:upload_id>/drop/", imports.import_dropped, name="import_dropped"),
    path("exports/", long_work.exports, name="exports"),
    path("scores/", long_work.scores, name="scores"),
    path("jobs/<uuid:job_id>/file/", long_work.job_file, name="job_file"),
)
