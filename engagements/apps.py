from importlib import import_module

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"

    def ready(self) -> None:
        # Registers the jobs; a web process that adds a run knows them as well as a worker.
        import_module("engagements.tasks")
