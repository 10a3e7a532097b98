"""The addresses of long work."""

from django.urls import path

from regulars.console.jobs import exports, imports, scores

pages = (
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:upload_id>/", imports.one_import, name="import"),
    path("imports/<uuid:upload_id>/try/", imports.import_tried, name="import_tried"),
    path("imports/<uuid:upload_id>/take/", imports.import_taken, name="import_taken"),
    path("imports/<uuid:upload_id>/drop/", imports.import_dropped, name="import_dropped"),
    path("exports/", exports.exports, name="exports"),
    path("scores/", scores.scores, name="scores"),
    path("jobs/<uuid:job_id>/file/", exports.job_file, name="job_file"),
)
