"""Plans, inside `/w/<workspace>/`; each part keeps its addresses in a file of its own."""

from adoption.urls import editing, files, learning, plans, resources, versions

app_name = "adoption"

urlpatterns = [
    *plans.urlpatterns,
    *editing.urlpatterns,
    *files.urlpatterns,
    *resources.urlpatterns,
    *versions.urlpatterns,
    *learning.urlpatterns,
]
