"""Sources: where figures are read from by themselves; settings.KPI_SOURCES lists them.

A source is a class with a key and a `read`; it knows days and values, and nothing of readings,
workers and pages (kpi/reading.py does).
"""

from kpi.sources.base import Piece, Source, SourceError, all_sources, get_source

__all__ = ["Piece", "Source", "SourceError", "all_sources", "get_source"]
