"""The product's Celery application with the jobs of a rehearsal."""

from adoptiq.celery import app

__all__ = ["app"]

# Imported when Django is ready.
app.conf.imports = ("tests.adoptiq.rehearsed",)
