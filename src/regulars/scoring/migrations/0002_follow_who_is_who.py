"""Scores that are read of whomever they are true of now."""

import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whom a score was made of, whom the run knew it of, and whether it is read."""

    dependencies = [
        ("scoring", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelManagers(
            name="score",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="score",
            name="made_of",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="score",
            name="scored_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="score",
            name="stands",
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name="score",
            index=models.Index(
                condition=models.Q(("scored_id__isnull", False)),
                fields=["scored_id"],
                name="scoring_score_moved",
            ),
        ),
    ]
