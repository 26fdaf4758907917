"""Google Analytics 4: what its Data API tells of a website's visits, day by day.

    with open_client("123456789", credentials_file="key.json") as client:
        daily = client.daily(date(2026, 11, 1), date(2026, 11, 24))

The library of Google is imported only when a client is opened, and a client lives for one task: its
channel does not survive a fork, so no process that forks may ever have had one.
"""

from integrations.ga4.client import Client, open_client
from integrations.ga4.reports import Daily, Flags, SourceDay, TotalDay

__all__ = ["Client", "Daily", "Flags", "SourceDay", "TotalDay", "open_client"]
