"""The gRPC server: the two calls of the service that we make, in Google's own messages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from integrations.ga4.addresses import INSECURE

from .answering import RefusedError, answer, check_batch
from .property import Fault, Property

SERVICE = "google.analytics.data.v1beta.BetaAnalyticsData"
THREADS = 10
"""So many calls at once the real service takes as well."""


class PortError(Exception):
    """The port cannot be used."""


class Sandbox:
    """A server of one property."""

    def __init__(self, property_: Property, *, host: str = "127.0.0.1", port: int = 0) -> None:
        import grpc

        self.property = property_
        self.stopping = threading.Event()
        self._grpc = grpc
        self._server = grpc.server(ThreadPoolExecutor(THREADS), options=[("grpc.so_reuseport", 0)])
        self._server.add_generic_rpc_handlers((self._handler(),))
        try:
            taken = self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError as error:
            raise PortError(str(error)) from None
        self.endpoint = f"{INSECURE}{host}:{taken}"
        self._server.start()

    def close(self) -> None:
        self.stopping.set()
        self._server.stop(0).wait()

    def _handler(self) -> Any:
        from google.analytics.data_v1beta import types

        one = self._grpc.unary_unary_rpc_method_handler(
            self._guarded(self._report),
            types.RunReportRequest.deserialize,
            types.RunReportResponse.serialize,
        )
        several = self._grpc.unary_unary_rpc_method_handler(
            self._guarded(self._batch),
            types.BatchRunReportsRequest.deserialize,
            types.BatchRunReportsResponse.serialize,
        )
        methods = {"RunReport": one, "BatchRunReports": several}
        return self._grpc.method_handlers_generic_handler(SERVICE, methods)

    def _guarded(self, carry_out: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
        """Let a call end as the property's faults have it, and refuse in the service's words."""
        code = self._grpc.StatusCode

        def call(asked: Any, context: Any) -> Any:
            fault = self.property.next_fault()
            if fault is Fault.SLOW:
                self.stopping.wait(self.property.slow_seconds)
            elif fault is not None:
                context.abort(*self._ending(fault))
            if asked.property != f"properties/{self.property.number}":
                context.abort(code.NOT_FOUND, "Requested entity was not found.")
            try:
                return carry_out(asked)
            except RefusedError as refusal:
                context.abort(code.INVALID_ARGUMENT, str(refusal))
            except QuotaUsedError:
                context.abort(*self._ending(Fault.EXHAUSTED))

        return call

    def _ending(self, fault: Fault) -> tuple[Any, str]:
        code = self._grpc.StatusCode
        return {
            Fault.UNAVAILABLE: (code.UNAVAILABLE, "The service is currently unavailable."),
            Fault.INTERNAL: (code.INTERNAL, "An internal error has occurred."),
            Fault.PERMISSION: (
                code.PERMISSION_DENIED,
                "User does not have sufficient permissions for this property.",
            ),
            Fault.UNAUTHENTICATED: (
                code.UNAUTHENTICATED,
                "Request had invalid authentication credentials.",
            ),
            Fault.EXHAUSTED: (
                code.RESOURCE_EXHAUSTED,
                "Exhausted property tokens per day.",
            ),
        }[fault]

    def _report(self, asked: Any) -> Any:
        answered = answer(asked, self.property)
        if not self.property.charge(len(answered.rows)):
            raise QuotaUsedError
        return answered

    def _batch(self, asked: Any) -> Any:
        from google.analytics.data_v1beta import types

        check_batch(asked.requests)
        return types.BatchRunReportsResponse(
            reports=[self._report(each) for each in asked.requests],
            kind="analyticsData#batchRunReports",
        )


class QuotaUsedError(Exception):
    """The quota of the day is used up."""


@contextmanager
def running_sandbox(property_: Property | None = None, port: int = 0) -> Iterator[Sandbox]:
    """Run a sandbox for the length of a block, on a free port unless told otherwise."""
    sandbox = Sandbox(property_ or Property(), port=port)
    try:
        yield sandbox
    finally:
        sandbox.close()
