"""Where the log goes, and what never gets into it: what is known of a person or opens a door."""

from typing import Any


def log_to_console(level: str) -> dict[str, Any]:
    """Write lines to the console, with secrets masked."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"mask_secrets": {"()": "integrations.bitrix24.masking.MaskSecrets"}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["mask_secrets"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "urllib3": {"level": "INFO"},
            "axes": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
