"""What a key opens is said by area; keys made before keep exactly what they could do."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AREAS = ("customers", "measures", "plan", "usage")


def give_scopes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    keys = apps.get_model("tenancy", "ApiKey")._base_manager.using(schema_editor.connection.alias)
    for can_write, reach in ((False, "read"), (True, "write")):
        scopes = [f"{area}:{reach}" for area in AREAS]
        keys.filter(can_write=can_write, scopes=[]).update(scopes=scopes)


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_job_published_at")]

    operations = [
        migrations.RunPython(give_scopes, migrations.RunPython.noop),
        migrations.RemoveField(model_name="apikey", name="can_write"),
    ]
