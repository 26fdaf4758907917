"""Steps 2 to 4 of the process: intakes, communication plans, audiences, channels, activity plans.

Owns the calendar too: the wall clock in Riga (`local_time`), public holidays and working days
(`holidays`). Imports goals and documents, and knows nothing of the events its activities become.
"""
