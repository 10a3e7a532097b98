"""What stands in the place of what was told before."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from regulars.stream.sql import LONGER_KEYS


def lengthen_keys(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A key of ours is that of the source, and a little more; SQLite counts no letters."""
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute(LONGER_KEYS)


class Migration(migrations.Migration):
    """Of whom nothing was told, it can be told later."""

    dependencies = [("stream", "0002_index_refunded")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="replaces",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(lengthen_keys, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField("event", "key", models.CharField(max_length=210)),
            ],
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(replaces__isnull=False),
                fields=["replaces"],
                name="stream_event_replaced",
            ),
        ),
    ]
