from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0002_task_counted_to'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='handover',
            name='hand_over_in_force',
        ),
        migrations.AddField(
            model_name='handover',
            name='kept_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('kept_at', None), ('returned_at', None)), fields=['last_on'], name='hand_over_in_force'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('returned_at', None), ('kept_at', None), _connector='OR'), name='hand_over_ends_in_one_way'),
        ),
    ]
