"""Clients of the services the college uses; knows nothing of the other applications."""
