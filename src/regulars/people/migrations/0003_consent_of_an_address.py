"""Which address said yes by a link that came to it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may be empty, and outlives the address."""

    dependencies = (("people", "0002_customer_since"),)

    operations = (
        migrations.AddField(
            model_name="consent",
            name="identity",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.identity",
            ),
        ),
    )
