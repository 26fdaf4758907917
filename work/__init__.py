"""Work tasks (process step 5): one person's day, the team's week, what is late.

Tasks are counted back from events; this app imports events and what lies below.
"""
