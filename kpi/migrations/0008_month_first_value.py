from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Look the first value of each month up in its measurements."""
    months = apps.get_model("kpi", "MonthTotal").objects.filter(days__gt=0)
    measurements = apps.get_model("kpi", "Measurement").objects.filter(
        series=OuterRef("series"),
        span="day",
        day__range=(OuterRef("month"), OuterRef("last_day")),
        value__isnull=False,
    )
    for is_together, of in ((True, {"channel": None}), (False, {"channel": OuterRef("channel")})):
        first = measurements.filter(**of).order_by("day")
        months.filter(channel__isnull=is_together).update(
            first_day=Subquery(first.values("day")[:1]),
            first_value=Subquery(first.values("value")[:1]),
        )


class Migration(migrations.Migration):
    dependencies = [("kpi", "0007_list_taken_up")]

    operations = [
        migrations.AddField("monthtotal", "first_day", models.DateField(null=True)),
        migrations.AddField(
            "monthtotal",
            "first_value",
            models.DecimalField(decimal_places=2, max_digits=16, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
