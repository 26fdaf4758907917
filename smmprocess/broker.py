"""Redis as Celery's broker, lost without the worker's being lost with it."""

from typing import Any

from kombu.transport import redis


class Channel(redis.Channel):
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
