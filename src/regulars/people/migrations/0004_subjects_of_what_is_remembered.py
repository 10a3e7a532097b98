from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from regulars.people.remembering import subject_of

WRITTEN_AT_ONCE = 1_000


def tell_subjects(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """What everything that is remembered already is about."""
    told = apps.get_model("people", "Preference").objects
    changed = []
    for one in told.only("text").iterator(chunk_size=WRITTEN_AT_ONCE):
        one.subject = subject_of(one.text)
        changed.append(one)
        if len(changed) == WRITTEN_AT_ONCE:
            told.bulk_update(changed, ("subject",))
            changed = []
    told.bulk_update(changed, ("subject",))


class Migration(migrations.Migration):
    dependencies = (("people", "0003_language_and_location"),)

    operations = (
        migrations.AddField(
            model_name="preference",
            name="subject",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AddIndex(
            model_name="preference",
            index=models.Index(
                fields=["kind", "subject", "customer"], name="people_preference_about"
            ),
        ),
        migrations.RunPython(tell_subjects, migrations.RunPython.noop),
    )
