"""The rehearsal of an event: its whole evening, played with people who do not exist.

Nothing here can reach the ledger: no module of this package may import what writes to it (a
contract of import-linter), whatever is played is read-only in the database
(events/rehearsal/read_only.py), and messages go to members of staff alone
(events/rehearsal/sending.py).
"""
