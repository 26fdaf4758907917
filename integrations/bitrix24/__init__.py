"""Bitrix24: the client of the portal and a sandbox portal to try it against."""
