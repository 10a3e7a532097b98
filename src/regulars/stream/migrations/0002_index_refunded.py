"""An index of refunds by the order that they name."""

from django.db import migrations

from regulars.stream.sql import DROP_INDEX_REFUNDED, INDEX_REFUNDED


class Migration(migrations.Migration):
    """What was given back of an order is found without reading the log."""

    dependencies = [("stream", "0001_initial")]

    operations = [migrations.RunSQL(INDEX_REFUNDED, DROP_INDEX_REFUNDED)]
