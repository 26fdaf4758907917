"""The peers: what people would send SMS through Bitrix24 with, in a virtual environment of its own.

    var/bench/bitrix24/bin/python tools/bench/bitrix24_peer.py b24pysdk|fast_bitrix24 URL TEMPLATE

Standard input has a number of a contact in each line. They are given all there is to know: nothing
is chosen, rendered or recorded here. It prints the seconds needed and, if it gave up, why.
"""

import sys
import time
from itertools import islice
from urllib.parse import urlsplit

BATCH = 50
TEXT = "Atvērto durvju diena sākas plkst. 18:00. Pievienojieties: http://localhost:8000/j/{number}"


def commands(template: int) -> list[dict[str, object]]:
    return [
        {
            "TEMPLATE_ID": template,
            "DOCUMENT_ID": ["crm", "CCrmDocumentContact", f"CONTACT_{line.strip()}"],
            "PARAMETERS": {"sms_text": TEXT.format(number=line.strip())},
        }
        for line in sys.stdin
    ]


def b24pysdk(url: str, template: int) -> None:
    """Call batch after batch: it has no limiter, but waits and asks again when it is told 503."""
    from b24pysdk import BitrixWebhook, Client
    from b24pysdk.api.callers.call_method import _MethodCaller
    from b24pysdk.api.requests import BitrixAPIRequest

    address = urlsplit(url)
    # The sandbox speaks no HTTPS, and another base is not foreseen.
    _MethodCaller._base_url = property(lambda self: f"http://{self._domain}/rest")
    token = BitrixWebhook(domain=address.netloc, webhook_token=address.path.removeprefix("/rest/"))
    client = Client(token)
    remaining = iter(commands(template))
    while batch := list(islice(remaining, BATCH)):
        requests = [
            BitrixAPIRequest(
                bitrix_token=token, api_method="bizproc.workflow.start", params=parameters
            )
            for parameters in batch
        ]
        client.call_batch(requests).call()


def fast_bitrix24(url: str, template: int) -> None:
    from fast_bitrix24 import Bitrix

    Bitrix(url, verbose=False).call("bizproc.workflow.start", commands(template))


def main() -> None:
    name, url, template = sys.argv[1:]
    begun = time.perf_counter()
    problem = ""
    try:
        {"b24pysdk": b24pysdk, "fast_bitrix24": fast_bitrix24}[name](url, int(template))
    except Exception as error:
        problem = f"{type(error).__name__}"
    print(f"{time.perf_counter() - begun} {problem}")


if __name__ == "__main__":
    main()
