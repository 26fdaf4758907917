"""What is particular to webinars (process step 5.1): their reminders and tasks."""
