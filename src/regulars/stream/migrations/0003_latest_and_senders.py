from django.db import migrations, models

from regulars.stream.sql import DROP_INDEX_SENDERS, INDEX_SENDERS


class Migration(migrations.Migration):
    dependencies = [("stream", "0002_written_in")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["type", "occurred_at", "position"], name="stream_event_latest"
            ),
        ),
        migrations.RunSQL(INDEX_SENDERS, DROP_INDEX_SENDERS),
    ]
