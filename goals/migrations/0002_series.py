import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from goals.default_series import DEFAULT_SERIES


def point_to_rows(apps, schema_editor):
    """Make the series rows, and let every indicator that named a key point to its row."""
    Series = apps.get_model("goals", "Series")
    Indicator = apps.get_model("goals", "Indicator")
    rows = {}
    for position, default in enumerate(DEFAULT_SERIES, start=1):
        rows[default.key] = row = Series.objects.create(
            key=default.key,
            name=default.name,
            name_en=default.name_en,
            kind=default.kind,
            unit=default.unit,
            growth_of=rows.get(default.growth_of),
            position=position,
        )
        Indicator.objects.filter(series_key=default.key).update(series=row)


def point_to_keys(apps, schema_editor):
    """Name the key again where an indicator points to a series there was from the beginning."""
    Series = apps.get_model("goals", "Series")
    Indicator = apps.get_model("goals", "Indicator")
    for series in Series.objects.filter(key__in=[default.key for default in DEFAULT_SERIES]):
        Indicator.objects.filter(series=series).update(series_key=series.key)


UNITS = [
    ('number', 'number'),
    ('people', 'people'),
    ('percent', '%'),
    ('euro', 'EUR'),
    ('hours', 'hours'),
    ('minutes', 'minutes'),
    ('seconds', 'seconds'),
    ('points', 'points'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='indicator',
            name='unit',
            field=models.CharField(choices=UNITS, default='number', max_length=10, verbose_name='unit'),
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('key', models.SlugField(max_length=40, unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
                ('unit', models.CharField(choices=UNITS, default='number', max_length=10, verbose_name='unit')),
                ('kind', models.CharField(choices=[('flow', 'adds up (visits, leads, views)'), ('stock', 'the last value counts (followers)'), ('average', 'the average of the days counts (per cent, users a day)'), ('derived', 'the growth of another one')], default='flow', max_length=10, verbose_name='how days add up')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_on', models.BooleanField(default=True, verbose_name='in use')),
                ('changed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('growth_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='growths', to='goals.series', verbose_name='growth of')),
            ],
            options={
                'verbose_name': 'KPI series',
                'verbose_name_plural': 'KPI series',
                'ordering': ['position', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['flow', 'stock', 'average', 'derived'])), name='series_kind_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('growth_of__isnull', False), ('kind', 'derived')), models.Q(models.Q(('kind', 'derived'), _negated=True), ('growth_of', None)), _connector='OR'), name='series_derived_from_another', violation_error_message='A growth needs the series that grows, and only it.'),
                ],
            },
        ),
        migrations.RenameField('indicator', 'series', 'series_key'),
        migrations.AddField(
            model_name='indicator',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='goals.series', verbose_name='KPI series'),
        ),
        migrations.RunPython(point_to_rows, point_to_keys),
    ]
