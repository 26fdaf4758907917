"""What is particular to open days (process step 5.2): the weekly series and their reminders."""
