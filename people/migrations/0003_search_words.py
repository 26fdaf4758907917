import django.db.models.deletion
from django.db import migrations, models

from people.search_words import words_of

BATCH = 2000


def add_words(apps, schema_editor):
    """Make everybody who is there already findable."""
    participants = apps.get_model("people", "Participant").objects
    search_words = apps.get_model("people", "SearchWord").objects
    people = participants.only("first_name", "last_name", "email", "phone").order_by("pk")
    search_words.bulk_create(
        (
            search_words.model(participant=person, word=word)
            for person in people.iterator(BATCH)
            for word in words_of(person)
        ),
        batch_size=BATCH,
    )


class Migration(migrations.Migration):
    dependencies = [
        ('people', '0002_stop_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('pk', models.CompositePrimaryKey('participant', 'word', blank=True, editable=False, primary_key=True, serialize=False)),
                ('word', models.CharField(max_length=254)),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='search_words', to='people.participant')),
            ],
            options={
                'indexes': [models.Index(fields=['word', 'participant'], name='search_word', opclasses=['varchar_pattern_ops', 'int8_ops'])],
            },
        ),
        migrations.RunPython(add_words, migrations.RunPython.noop, elidable=True),
    ]
