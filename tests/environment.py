"""Settings from the environment for the tests, before Django reads them.

What a developer's `.env` says of databases, mail and Bitrix24 is not for the tests to touch: the
environment comes before the file.
"""

import os
import tempfile

import hypothesis

_directory = tempfile.TemporaryDirectory(prefix="smmprocess-tests-")

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_directory.name}/smmprocess.sqlite3")
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["BITRIX24_WEBHOOK_URL"] = ""
os.environ["GA4_PROPERTY_ID"] = ""
os.environ["CHECK_ROOM_LINK"] = "0"
os.environ["MEDIA_ROOT"] = f"{_directory.name}/media"
# WhiteNoise warns of a folder that is not there, and here a warning is an error.
os.environ["STATIC_ROOT"] = _directory.name

# How quickly examples are thought up says something of the machine, not of what is tested.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")
