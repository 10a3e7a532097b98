"""The addresses of segments."""

from django.urls import path

from regulars.console.segments import crossing, files, own

pages = (
    path("segments/", crossing.segments, name="segments"),
    path("segments/people/", crossing.segment_people, name="segment_people"),
    path("segments/new/", own.segment_new, name="segment_new"),
    path("segments/<uuid:segment_id>/", own.segment, name="segment"),
    path("segments/<uuid:segment_id>/change/", own.segment_change, name="segment_change"),
    path("segments/<uuid:segment_id>/remove/", own.segment_remove, name="segment_remove"),
    path("segments/people/file/", files.segment_people_file, name="segment_people_file"),
    path("segments/<uuid:segment_id>/file/", files.segment_file, name="segment_file"),
)
