"""Step 1: a year's goals, the indicators they are measured by, and the check-ins on them.

Imports documents (approval, versions, editing by two), files and accounts.
"""
