"""What a form told last, so that another under its key is not taken for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is empty for forms from before."""

    dependencies = (("console", "0001_initial"),)

    operations = (
        migrations.AddField(
            model_name="sentform",
            name="content",
            field=models.CharField(default="", max_length=64),
        ),
    )
