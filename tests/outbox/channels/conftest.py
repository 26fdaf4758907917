import pytest

from tests.outbox.channels.mail_server import IN_ONE_PACKET, ONE_BY_ONE


@pytest.fixture(params=[IN_ONE_PACKET, ONE_BY_ONE], ids=["pipelining", "one by one"])
def kind(request):
    """Return how a server greets that takes several commands in a row, or only one at a time."""
    return request.param
