"""What webinars and open days share: events, registrations, attendance, due reminders."""
