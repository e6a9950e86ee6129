from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "tenancy"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from tenancy import checks, rls, uuids  # noqa: F401
        from tenancy.rest import schema  # noqa: F401

        connection_created.connect(rls.refuse_privileged_role)
        uuids.read_quickly()
