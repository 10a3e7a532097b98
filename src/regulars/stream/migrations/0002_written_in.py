from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import regulars.stream.functions
from regulars.stream.sql import INDEX_BY_TRANSACTION, NO_INDEX_BY_TRANSACTION


def add_index(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute(INDEX_BY_TRANSACTION)


def drop_index(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute(NO_INDEX_BY_TRANSACTION)


class Migration(migrations.Migration):
    dependencies = [("stream", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="written_in",
            field=models.BigIntegerField(
                db_default=regulars.stream.functions.WritingTransaction(), editable=False
            ),
        ),
        migrations.RunPython(add_index, drop_index),
    ]
