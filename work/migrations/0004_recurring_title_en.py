from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0003_hand_over_kept'),
    ]

    operations = [
        migrations.AddField(
            model_name='recurringtask',
            name='title_en',
            field=models.CharField(blank=True, max_length=150, verbose_name='title in English'),
        ),
    ]
