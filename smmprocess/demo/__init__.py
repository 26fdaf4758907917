"""A believable college to look at: its staff, its weekly open day, its webinars, its people.

Built through the same functions the pages use. Running it again adds what has become due, such
as the next open day, and changes nothing that is there.
"""
