"""Keep the webhook's secret out of every text that is logged or shown."""

from __future__ import annotations

import logging
import re

# /rest/1/secret/method and, for REST 3.0, /rest/api/1/secret/method.
_SECRET = re.compile(r"(/rest/(?:api/)?\d+/)[^/\s\"'?]+")
_NAMES = r"(?:auth|access_token|refresh_token|application_token|client_secret)"
# auth=… in an address or a form, auth[application_token]=…, and "access_token": "…" in JSON.
_TOKEN = re.compile(rf"(\b{_NAMES}\]?=|['\"]{_NAMES}['\"]: ?['\"])[^&\s'\"]+")
_HTTP_LOGGERS = ("urllib3", "urllib3.connectionpool", "urllib3.util.retry", "requests")


def mask(text: str) -> str:
    """Return the text with the secrets of webhook addresses and tokens starred out."""
    return _TOKEN.sub(r"\1***", _SECRET.sub(r"\1***", text))


class MaskSecrets(logging.Filter):
    """Mask a record's message and traceback; belongs on every handler."""

    _formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = mask(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = self._formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return True


def mask_http_loggers() -> None:
    """Mask what the HTTP libraries log in debug mode, whichever handlers are set up."""
    for name in _HTTP_LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, MaskSecrets) for each in logger.filters):
            logger.addFilter(MaskSecrets())
