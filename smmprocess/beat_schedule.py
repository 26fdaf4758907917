"""What is done again and again, and how often; django-celery-beat copies it into the database."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab


def beat_schedule(tick: timedelta, tick_expires: float) -> dict[str, dict[str, Any]]:
    """List the periodic tasks; what people wait for is done with each tick."""
    return {
        "decide-what-is-due": {
            "task": "events.tasks.queue_due_reminders",
            "schedule": tick,
            "options": {"expires": tick_expires},
        },
        "send-what-is-queued": {
            "task": "outbox.tasks.send_messages",
            "schedule": tick,
            "options": {"expires": tick_expires},
        },
        "look-up-what-is-unclear": {
            "task": "outbox.tasks.resolve_unclear_messages",
            "schedule": timedelta(seconds=10),
            "options": {"expires": tick_expires},
        },
        "match-participants-to-bitrix24-contacts": {
            "task": "events.tasks.match_contacts",
            "schedule": timedelta(seconds=5),
            "options": {"expires": tick_expires},
        },
        "confirm-what-was-handed-over": {
            "task": "outbox.tasks.confirm_messages",
            "schedule": timedelta(seconds=60),
            "options": {"expires": 60},
        },
        "take-in-what-sms-providers-told": {
            "task": "outbox.tasks.take_delivery_reports",
            "schedule": tick,
            "options": {"expires": tick_expires},
        },
        "warn-of-webinars-not-published": {
            "task": "webinars.tasks.warn_unpublished",
            "schedule": timedelta(minutes=10),
            "options": {"expires": 600},
        },
        "read-the-stop-lists-at-night": {
            "task": "outbox.tasks.read_stop_lists",
            "schedule": crontab(hour=4, minute=40),
            "options": {"expires": 3600},
        },
        "forget-old-delivery-reports": {
            "task": "outbox.tasks.forget_old_reports",
            "schedule": crontab(hour=5, minute=10),
            "options": {"expires": 3600},
        },
        "forget-claims-done-with": {
            "task": "outbox.tasks.forget_old_claims",
            "schedule": crontab(hour=5, minute=15),
            "options": {"expires": 3600},
        },
        "forget-workers-that-are-gone": {
            "task": "outbox.tasks.forget_gone_workers",
            "schedule": crontab(hour=5, minute=20),
            "options": {"expires": 3600},
        },
        "remove-files-nothing-refers-to": {
            "task": "files.tasks.clear_unused",
            "schedule": crontab(hour=5, minute=20),
            "options": {"expires": 3600},
        },
        "take-in-what-bitrix24-told": {
            "task": "events.tasks.take_bitrix24_events",
            "schedule": timedelta(seconds=5),
            "options": {"expires": tick_expires},
        },
        "take-in-what-zoom-told": {
            "task": "events.tasks.take_zoom_signs",
            "schedule": tick,
            "options": {"expires": tick_expires},
        },
        "take-registrations-from-bitrix24": {
            "task": "events.tasks.poll_bitrix24",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 120},
        },
        "make-up-for-what-was-missed": {
            "task": "events.tasks.reconcile_plans",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 60},
        },
        "show-a-sign-of-life": {
            "task": "outbox.tasks.show_sign_of_life",
            "schedule": timedelta(seconds=10),
            "options": {"expires": tick_expires},
        },
        "close-what-is-past-its-use": {
            "task": "events.tasks.close_expired",
            "schedule": timedelta(seconds=10),
            "options": {"expires": tick_expires},
        },
        "look-before-events-begin": {
            "task": "events.tasks.make_preflights",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "take-up-lists-that-got-stuck": {
            "task": "events.tasks.take_up_stuck_imports",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "discard-forgotten-lists": {
            "task": "events.tasks.discard_forgotten_imports",
            "schedule": timedelta(hours=1),
            "options": {"expires": 3600},
        },
        "take-up-figures-that-got-stuck": {
            "task": "kpi.tasks.take_up_stuck_lists",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "discard-forgotten-figures": {
            "task": "kpi.tasks.discard_forgotten_lists",
            "schedule": timedelta(hours=1),
            "options": {"expires": 3600},
        },
        "keep-up-with-the-day": {
            "task": "work.tasks.keep_up_with_the_day",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 120},
        },
        "write-the-lists-of-the-day": {
            "task": "work.tasks.queue_morning_lists",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "look-for-alerts-in-the-figures": {
            "task": "kpi.tasks.look_for_alerts",
            "schedule": timedelta(minutes=30),
            "options": {"expires": 1800},
        },
        "write-the-week-in-figures": {
            "task": "kpi.tasks.queue_weekly_reports",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 300},
        },
        "tell-of-the-dates-of-steps": {
            "task": "smmprocess.tasks.queue_step_messages",
            "schedule": timedelta(minutes=10),
            "options": {"expires": 600},
        },
        "tell-whose-assessment-an-intake-waits-for": {
            "task": "results.tasks.queue_evaluation_letters",
            "schedule": timedelta(minutes=10),
            "options": {"expires": 600},
        },
        # Each minute it is asked what is due; the nightly reading is, from 06:30 on.
        "read-what-sources-of-figures-are-due": {
            "task": "kpi.tasks.read_due_sources",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "look-at-the-attendance-feed": {
            "task": "events.tasks.check_attendance_feeds",
            "schedule": timedelta(seconds=10),
            "options": {"expires": tick_expires},
        },
    }
