"""Health check of the web container: does this process answer? Standard library only.

A silent worker makes /healthz answer 503; that is not for a restart of the web server to cure.
"""

import sys
import urllib.error
import urllib.request

ADDRESS = "http://localhost:8000/healthz"


def main() -> int:
    try:
        urllib.request.urlopen(ADDRESS, timeout=4).close()
    except urllib.error.HTTPError as error:
        return 0 if error.code == 503 else 1
    except OSError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
