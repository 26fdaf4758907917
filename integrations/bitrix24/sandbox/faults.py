"""Faults on demand: what the portal does wrong, to which methods, how often and how many times."""

import itertools
import random
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

KINDS = ("503", "429", "500", "html", "hang", "drop", "302", "slow", "error")
"""503 and the like answer so; html answers with a page; hang holds the line and then closes it."""

MAY_EXECUTE = ("500", "html", "hang", "drop")
"""Kinds that, written `execute-then-…`, come after the work is done instead of in its place."""

NAMES = (*KINDS, "drop-before-execute", *(f"execute-then-{kind}" for kind in MAY_EXECUTE))

DEFAULT_HANG = 90.0
DEFAULT_SLOW = 5.0


class FaultError(ValueError):
    """A fault is described in a way the sandbox does not understand."""


@dataclass
class Fault:
    """One thing that goes wrong, for as long as it is listed."""

    name: str
    method: str = ""
    probability: float = 1.0
    count: int | None = None
    seconds: float | None = None
    after: int | None = None
    """Commands of a batch that are carried out before the line is cut; None is all of them."""
    code: str = ""
    text: str = ""
    status: int = 400
    location: str = ""
    id: int = 0
    fired: int = field(default=0, compare=False)

    @property
    def kind(self) -> str:
        return "drop" if self.name.startswith("drop") else self.name.removeprefix("execute-then-")

    @property
    def executes(self) -> bool:
        return self.name.startswith("execute-then-")

    @property
    def is_for_commands(self) -> bool:
        """Whether it strikes single commands of a batch rather than the request."""
        is_named = self.method not in ("", "batch")
        return is_named and not self.executes and self.kind in ("429", "500", "error")

    @property
    def delay(self) -> float:
        if self.seconds is not None:
            return self.seconds
        return DEFAULT_SLOW if self.kind == "slow" else DEFAULT_HANG

    def concerns(self, methods: Collection[str]) -> bool:
        return not self.method or self.method in methods

    def describe(self) -> dict[str, Any]:
        described = {"id": self.id, "name": self.name, "method": self.method}
        described |= {"probability": self.probability, "count": self.count, "fired": self.fired}
        return described

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "Fault":
        """Read a fault from a form, a JSON body or the options of a command line."""
        name = str(fields.get("name") or fields.get("kind") or "").strip().lower()
        if name not in NAMES:
            raise FaultError(f"“{name}” is not a fault. Known are: {', '.join(NAMES)}.")
        try:
            return cls(
                name=name,
                method=str(fields.get("method") or "").strip().lower(),
                probability=_share(fields.get("probability")),
                count=_whole(fields.get("count")),
                seconds=_seconds(fields.get("seconds")),
                after=_whole(fields.get("after")),
                code=str(fields.get("code") or ""),
                text=str(fields.get("text") or ""),
                status=_whole(fields.get("status")) or 400,
                location=str(fields.get("location") or ""),
            )
        except ValueError as error:
            raise FaultError(f"The fault “{name}” has a number that is none: {error}.") from error

    @classmethod
    def from_spec(cls, spec: str) -> "Fault":
        """Read `NAME` or `NAME:method=crm.activity.add,probability=5%,count=3`."""
        name, _, options = spec.partition(":")
        fields: dict[str, Any] = {"name": name}
        for option in filter(None, options.split(",")):
            key, separator, value = option.partition("=")
            if not separator or key not in Fault.__dataclass_fields__:
                raise FaultError(f"“{option}” is not an option of a fault.")
            fields[key] = value
        return cls.from_fields(fields)


class FaultList:
    """The faults that are on; decides, by its own random numbers, which one strikes."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            fault.id = next(self._ids)
            self._faults.append(fault)
        return fault

    def add_spec(self, spec: str) -> Fault:
        """Turn on a fault described as on the command line."""
        return self.add(Fault.from_spec(spec))

    def remove(self, fault_id: int) -> None:
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.id != fault_id]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def active(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def strike_request(self, methods: Collection[str], *, is_batch: bool) -> Fault | None:
        """The fault that befalls a request with these methods, if one does."""
        return self._strike(methods, for_command=False, is_batch=is_batch)

    def strike_command(self, method: str) -> Fault | None:
        """The fault that befalls a single command of a batch, if one does."""
        return self._strike([method], for_command=True, is_batch=True)

    def _strike(
        self, methods: Collection[str], *, for_command: bool, is_batch: bool
    ) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if is_batch and fault.is_for_commands != for_command:
                    continue
                if not fault.concerns(methods) or fault.count == 0:
                    continue
                if self._random.random() >= fault.probability:
                    continue
                fault.fired += 1
                if fault.count is not None:
                    fault.count -= 1
                return fault
        return None


def _share(value: Any) -> float:
    if value in (None, ""):
        return 1.0
    text = str(value).strip()
    share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 <= share <= 1:
        raise ValueError(f"{text} is not between 0 and 1")
    return share


def _whole(value: Any) -> int | None:
    if value in (None, ""):
        return None
    number = int(value)
    if number < 0:
        raise ValueError(f"{number} is below nought")
    return number


def _seconds(value: Any) -> float | None:
    if value in (None, ""):
        return None
    seconds = float(value)
    if not 0 <= seconds < 24 * 3600:
        raise ValueError(f"{value} is not a time to wait")
    return seconds
