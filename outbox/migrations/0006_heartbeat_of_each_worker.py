from django.db import migrations, models


class Migration(migrations.Migration):
    """Signs of life get a row of each worker. They come every ten seconds: none has to be kept."""

    dependencies = [
        ("outbox", "0005_fault_of_the_program"),
    ]

    operations = [
        migrations.DeleteModel(name="Heartbeat"),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("beat", "scheduler"), ("worker", "worker")], max_length=20
                    ),
                ),
                ("worker", models.CharField(max_length=80)),
                ("seen_at", models.DateTimeField()),
                ("skew", models.DurationField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("part", "worker"), name="heartbeat_once_per_worker"
                    )
                ],
            },
        ),
    ]
