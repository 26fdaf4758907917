"""Pages of open days."""
