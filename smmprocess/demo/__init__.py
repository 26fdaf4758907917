"""A believable college to look at, in the middle of an intake: its goals, plans, tasks and people.

Told once, through the same functions the pages use (`story.py`, a module for each subject, its words
beside it), with days counted from the day it is made. Running it again adds the open day that is
about to start, and changes nothing that is there.
"""
