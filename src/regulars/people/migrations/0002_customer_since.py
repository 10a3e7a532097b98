"""Since when somebody is a customer, where somebody said so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may be empty."""

    dependencies = (("people", "0001_initial"),)

    operations = (
        migrations.AddField(
            model_name="customer", name="since", field=models.DateTimeField(null=True)
        ),
    )
