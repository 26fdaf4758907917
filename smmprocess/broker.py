"""Redis as Celery's broker, lost without beat's or a worker's being lost with it."""

from typing import Any

from kombu.transport import redis


class Channel(redis.Channel):
    # A host that loses its power says nothing: by default beat and workers would wait for hours.
    socket_connect_timeout = 5
    socket_timeout = 5
    socket_keepalive = True

    def close(self) -> None:
        """Give nothing back over a connection that is gone: the attempt would end the worker.

        What Redis still has it gives out again by itself, and what it lost were ticks, which come
        again.
        """
        connection: Any = self.connection
        if connection is not None and connection.client is None:
            self.do_restore = False
        super().close()


class Transport(redis.Transport):
    Channel = Channel
