"""The broker goes away: in order, under messages that are not finished, or without a word."""

import socket
import threading
from contextlib import closing, suppress
from urllib.parse import urlsplit

import pytest
from kombu import Connection

from smmprocess import broker
from smmprocess.celery import app
from tools.ports import HOST


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


class Line:
    """A line to Redis that can be cut as if its host had lost its power: nobody is told."""

    def __init__(self, redis_url):
        self.there = urlsplit(redis_url)
        self.door = socket.create_server((HOST, 0))
        self.ends = [self.door]
        self.cuts = []
        threading.Thread(target=self._connect, daemon=True).start()

    @property
    def url(self):
        return self.there._replace(netloc=f"{HOST}:{self.door.getsockname()[1]}").geturl()

    def cut(self):
        """Carry no more for those who are connected; who connects from now on gets through."""
        for each in self.cuts:
            each.set()

    def close(self):
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _connect(self):
        with suppress(OSError):
            while True:
                here, _address = self.door.accept()
                there = socket.create_connection((self.there.hostname, self.there.port))
                is_cut = threading.Event()
                self.ends += (here, there)
                self.cuts.append(is_cut)
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=carry, args=(*ends, is_cut), daemon=True).start()


def carry(source, target, is_cut):
    with suppress(OSError):
        while words := source.recv(65536):
            if not is_cut.is_set():
                target.sendall(words)


def test_a_tick_does_not_wait_for_a_redis_whose_host_has_gone_without_a_word(
    redis_url, monkeypatch
):
    monkeypatch.setattr(broker.Channel, "socket_timeout", broker.Channel.socket_timeout / 50)
    with closing(Line(redis_url)) as line:
        connection = Connection(line.url, transport=app.conf.broker_transport)
        queue = connection.SimpleQueue("ticks")
        queue.put("before")
        line.cut()

        with pytest.raises(connection.connection_errors):
            queue.put("lost")
        connection.close()

        with Connection(line.url, transport=app.conf.broker_transport) as connection:
            queue = connection.SimpleQueue("ticks")
            queue.put("after")
            assert [queue.get(timeout=5).payload for _tick in range(2)] == ["before", "after"]
