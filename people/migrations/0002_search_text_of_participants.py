from django.db import migrations, models

from people.identity import folded


def fill_search_text(apps, schema_editor):
    Participant = apps.get_model("people", "Participant")
    changed = []
    for person in Participant.objects.iterator(chunk_size=2000):
        parts = (person.last_name, person.first_name, person.email, person.phone)
        person.search_text = folded(" ".join(part for part in parts if part))[:500]
        changed.append(person)
    Participant.objects.bulk_update(changed, ["search_text"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="search_text",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.RunPython(fill_search_text, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["search_text", "id"], name="participant_by_name"),
        ),
    ]
