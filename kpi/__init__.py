"""Step 6: measurements from Google Analytics, Bitrix24, lists and people, and what they add up to.

Imports goals (what is measured), files (imported lists) and the events and tasks it counts.
"""
