from django.db import migrations


class Migration(migrations.Migration):
    # On its own: PostgreSQL does not alter a table in the transaction that has filled it.

    dependencies = [
        ('goals', '0002_series'),
    ]

    operations = [
        migrations.RemoveField(model_name='indicator', name='series_key'),
    ]
