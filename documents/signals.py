"""What documents tell those who write to people about it.

Each is sent inside the transaction of the step, with `document`, `by` and `at`.
"""

from django.dispatch import Signal

submitted = Signal()
approved = Signal()
sent_back = Signal()
reopened = Signal()
