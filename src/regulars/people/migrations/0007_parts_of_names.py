from django.db import migrations, models


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
        migrations.AddIndex(
            model_name="namekey",
            index=models.Index(fields=["key", "part", "customer"], name="people_namekey_found"),
        ),
    ]
