"""The product's settings, with a few more addresses."""

from adoptiq.settings import *  # noqa: F403
from adoptiq.settings import DATABASES

ROOT_URLCONF = "tests.hygiene.urls"
ALLOWED_HOSTS = ["127.0.0.1"]

# However long the visits take, a thread keeps its connection.
DATABASES["default"]["CONN_MAX_AGE"] = None
