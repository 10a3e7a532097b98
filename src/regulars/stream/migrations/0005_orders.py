from django.db import migrations

from regulars.stream.sql import DROP_INDEX_ORDERS, INDEX_ORDERS


class Migration(migrations.Migration):
    dependencies = [("stream", "0004_places")]

    operations = [migrations.RunSQL(INDEX_ORDERS, DROP_INDEX_ORDERS)]
