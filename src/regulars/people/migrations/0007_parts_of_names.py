from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from regulars.people.core import name_parts, part_keys

AT_ONCE = 1_000


def find_by_parts(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    del editor
    keys = apps.get_model("people", "NameKey").objects
    named = apps.get_model("people", "Customer").objects.exclude(name="")
    keys.all().delete()
    for one in named.iterator(AT_ONCE):
        keys.bulk_create(
            keys.model(customer=one, key=key, part=part)
            for part in name_parts(one.name)
            for key in part_keys(part)
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0006_employees_signing_in")]

    operations = [
        migrations.RemoveIndex(model_name="namekey", name="people_namekey_lookup"),
        migrations.AddField(
            model_name="namekey",
            name="part",
            field=models.CharField(default="", max_length=120),
            preserve_default=False,
        ),
        migrations.RunPython(find_by_parts, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="namekey",
            index=models.Index(fields=["key", "part", "customer"], name="people_namekey_found"),
        ),
    ]
