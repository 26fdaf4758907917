"""A believable college to look at, in the middle of an intake: its goals, plans, tasks and people.

Told once, through the same functions the pages use, with days counted from the day it is made:
`story.py` calls a module for each subject, whose words lie beside it. Running it again adds the
open day that is about to start, and changes nothing that is there.
"""
