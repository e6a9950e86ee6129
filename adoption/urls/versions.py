"""Addresses of a plan's versions, of comparing them and of its history."""

from django.urls import path

from adoption.views import comparing, history, versions, what_ifs

PLAN = "engagements/<uuid:engagement_id>/plan/"
BASELINE = "plan/baselines/<uuid:baseline_id>/"
WHAT_IF = "plan/what-ifs/<uuid:what_if_id>/"

urlpatterns = [
    path(f"{PLAN}versions/", versions.versions, name="versions"),
    path(f"{PLAN}versions.csv", versions.export_versions, name="export_versions"),
    path(f"{PLAN}versions/baseline/", versions.take_baseline, name="take_baseline"),
    path(f"{PLAN}versions/what-if/", what_ifs.make_what_if, name="make_what_if"),
    path(f"{BASELINE}choose/", versions.choose_baseline, name="choose_baseline"),
    path(f"{BASELINE}delete/", versions.drop_baseline, name="drop_baseline"),
    path(f"{BASELINE}restore/", versions.restore_baseline, name="restore_baseline"),
    path(WHAT_IF, what_ifs.what_if, name="what_if"),
    path(f"{WHAT_IF}take-over/", what_ifs.take_over, name="take_over"),
    path(f"{WHAT_IF}drop/", what_ifs.drop_what_if, name="drop_what_if"),
    path(f"{WHAT_IF}restore/", what_ifs.restore_what_if, name="restore_what_if"),
    path(f"{PLAN}compare/", comparing.compare, name="compare"),
    path(f"{PLAN}compare.csv", comparing.export_comparison, name="export_comparison"),
    path(f"{PLAN}history/", history.history, name="history"),
    path(f"{PLAN}history.csv", history.export_history, name="export_history"),
]
