"""What was said before a merge and what since, told by numbers instead of by clocks."""

from django.db import migrations, models

BY_ID_UNTIL_NOW = """
UPDATE people_merge SET number =
  (SELECT count(*) FROM people_merge AS m WHERE m.id <= people_merge.id);
UPDATE people_consent SET after_merge =
  (SELECT count(*) FROM people_merge AS m WHERE m.id < people_consent.id);
UPDATE people_suppression SET after_merge =
  (SELECT count(*) FROM people_merge AS m WHERE m.id < people_suppression.id);
"""


class Migration(migrations.Migration):
    """Merges are numbered, and words carry the number of the latest."""

    dependencies = (("people", "0003_consent_of_an_address"),)

    operations = (
        *(
            migrations.AddField(
                model_name=model,
                name=name,
                field=models.PositiveBigIntegerField(default=0, db_index=model == "merge"),
                preserve_default=False,
            )
            for model, name in (
                ("merge", "number"),
                ("consent", "after_merge"),
                ("suppression", "after_merge"),
            )
        ),
        migrations.RunSQL(BY_ID_UNTIL_NOW, migrations.RunSQL.noop),
    )
