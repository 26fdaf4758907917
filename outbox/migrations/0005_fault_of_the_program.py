from django.db import migrations, models


def name_the_fault(apps, schema_editor):
    """A failed row that has a text was left half-written by a fault; others lack a field of it."""
    messages = apps.get_model("outbox", "Message").objects.filter(
        status="failed", reason="text_incomplete"
    )
    half_written = messages.exclude(body="")
    half_written.update(
        reason="program_fault", subject="", body="", attachment="", unsubscribe_url=""
    )


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0004_message_in_hand'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='reason',
            field=models.CharField(blank=True, choices=[('', ''), ('no_email', 'no e-mail address'), ('no_phone', 'no phone number'), ('not_mobile', 'the phone number cannot receive SMS'), ('blocked', 'this address is blocked'), ('no_consent', 'no consent to offers'), ('event_cancelled', 'the event is cancelled'), ('registration_cancelled', 'the registration is cancelled'), ('moved', 'the event has moved to another time'), ('past_by_move', 'was past already when the event got its new time'), ('present', 'already joined'), ('registered_later', 'registered after this was due'), ('join_now_instead', 'gets “join now” instead'), ('rule_newer', 'the rule was added or changed after this was due'), ('notice_instead', 'gets the notice of the new time instead'), ('not_told', 'was never told the old time'), ('no_text', 'the rule has no text for it'), ('rule_off', 'the rule is switched off'), ('no_offer', 'the event has no offer'), ('quiet_hours', 'waits for the morning, since no advertising goes at night'), ('too_many', 'has had enough offers this week'), ('text_incomplete', 'a required field of the text is empty'), ('program_fault', "a fault of this application: tell an administrator, the worker's log says why"), ('stopped', 'sending for this event is stopped'), ('feed_not_trusted', 'attendance is not to be trusted yet'), ('late_start', 'gets “we start late” instead'), ('too_late', 'it would have come too late to be of use'), ('refused', 'the provider refused it'), ('bad_address', 'the provider says this address is wrong'), ('stopped_there', 'the person has stopped it at the provider'), ('not_delivered', 'the provider could not deliver it'), ('account', 'our account at the provider is refused'), ('channel_off', 'the channel is not set up'), ('unclear', 'the provider gave no clear answer'), ('worker_died', 'the worker stopped while sending'), ('not_needed', 'a person decided that it is not needed'), ('restored', 'may have gone before the database was restored')], default='', max_length=24, verbose_name='reason'),
        ),
        migrations.RunPython(name_the_fault, migrations.RunPython.noop),
    ]
