"""Tests with what people reached, and barriers in their way."""

from django.urls import path

from adoption.views import assessments, barriers, scores

OF_ENGAGEMENT = "engagements/<uuid:engagement_id>"
TEST = "tests/<uuid:assessment_id>"
BARRIER = "barriers/<uuid:barrier_id>"

urlpatterns = [
    path(f"{OF_ENGAGEMENT}/tests/", assessments.assessments, name="assessments"),
    path(f"{OF_ENGAGEMENT}/tests.csv", assessments.export_assessments, name="export_assessments"),
    path(f"{OF_ENGAGEMENT}/tests/new/", assessments.add_assessment, name="add_assessment"),
    path(f"{TEST}/", assessments.assessment, name="assessment"),
    path(f"{TEST}/edit/", assessments.edit_assessment, name="edit_assessment"),
    path(f"{TEST}/scores.csv", assessments.export_scores, name="export_scores"),
    path(f"{TEST}/scores/new/", assessments.record_score, name="record_score"),
    path(f"{TEST}/scores/import/", scores.import_scores, name="import_scores"),
    path(f"{OF_ENGAGEMENT}/barriers/", barriers.barriers, name="barriers"),
    path(f"{OF_ENGAGEMENT}/barriers.csv", barriers.export_barriers, name="export_barriers"),
    path(f"{OF_ENGAGEMENT}/barriers/new/", barriers.note_barrier, name="note_barrier"),
    path(f"{BARRIER}/", barriers.edit_barrier, name="edit_barrier"),
    path(f"{BARRIER}/removed/", barriers.remove_barrier, name="remove_barrier"),
]
