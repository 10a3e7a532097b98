from itertools import islice

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from regulars.people.models.customers import ByteOrderedField
from regulars.people.naming import make_findable

AT_ONCE = 1_000


def find_by_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    del editor
    named = apps.get_model("people", "Customer").objects.exclude(name="")
    rows = named.values_list("id", "name").iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        make_findable(some)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_told_together")]

    operations = [
        migrations.DeleteModel(name="NameKey"),
        migrations.CreateModel(
            name="NameKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "called",
                        "customer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("called", ByteOrderedField(max_length=125)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="name_keys",
                        to="people.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NameWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key",
                        "word",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", ByteOrderedField(max_length=65)),
                ("word", ByteOrderedField(max_length=60)),
            ],
        ),
        migrations.RunPython(find_by_words, migrations.RunPython.noop),
    ]
