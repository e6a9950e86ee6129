from django.apps import AppConfig


class AdoptIQConfig(AppConfig):
    name = "adoptiq"
