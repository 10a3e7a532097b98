from django.db import migrations

from regulars.stream.sql import DROP_INDEX_PLACES, INDEX_PLACES


class Migration(migrations.Migration):
    dependencies = [("stream", "0003_latest_and_senders")]

    operations = [migrations.RunSQL(INDEX_PLACES, DROP_INDEX_PLACES)]
