from django.apps import AppConfig


class AdoptIQConfig(AppConfig):
    name = "adoptiq"

    def ready(self) -> None:
        from adoptiq import celery, nightly  # noqa: F401 (tasks go to this Celery app from here on)

        nightly.register()
