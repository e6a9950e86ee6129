"""The product's settings, with a few more addresses."""

from adoptiq.settings import *  # noqa: F403

ROOT_URLCONF = "tests.hygiene.urls"
ALLOWED_HOSTS = ["127.0.0.1"]
