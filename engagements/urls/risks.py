"""The risk register."""

from django.urls import path

from engagements.views import risks

urlpatterns = [
    path("engagements/<uuid:engagement_id>/risks/", risks.risks, name="risks"),
    path("engagements/<uuid:engagement_id>/risks.csv", risks.export_risks, name="export_risks"),
    path("engagements/<uuid:engagement_id>/risks/new/", risks.raise_risk, name="raise_risk"),
    path("risks/<uuid:risk_id>/", risks.edit_risk, name="edit_risk"),
]
