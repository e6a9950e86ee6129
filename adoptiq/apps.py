from django.apps import AppConfig


class AdoptIQConfig(AppConfig):
    name = "adoptiq"

    def ready(self) -> None:
        from adoptiq import nightly

        nightly.register()
