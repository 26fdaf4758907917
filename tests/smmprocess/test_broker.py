"""The broker goes away under a worker that has fetched messages and not finished them."""

from kombu import Connection

from smmprocess.celery import app


def channel_with_a_fetched_message(connection):
    queue = connection.SimpleQueue("ticks")
    queue.put("tick")
    queue.get(timeout=5)
    return queue.channel


def test_celery_uses_the_broker_that_outlives_its_connection():
    with app.connection_for_write() as connection:
        assert type(connection.transport).__module__ == "smmprocess.broker"


def test_a_channel_of_a_lost_connection_closes_although_a_message_is_unfinished(redis_url):
    connection = Connection(redis_url, transport=app.conf.broker_transport)
    channel = channel_with_a_fetched_message(connection)
    connection.transport.client = None  # as kombu does when it gives a connection up

    channel.close()

    assert channel.closed


def test_a_channel_that_is_closed_in_order_gives_its_message_back(redis_url):
    with Connection(redis_url, transport=app.conf.broker_transport) as connection:
        channel_with_a_fetched_message(connection).close()

    with Connection(redis_url, transport=app.conf.broker_transport) as connection:
        message = connection.SimpleQueue("ticks").get(timeout=5)
        message.ack()

    assert message.payload == "tick"
