"""What a model did while it ran: each call with its shapes, the module in which it was made, and its line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from calc.torch.tensor import Sources, Tensor, tensors_in

SOURCE = "<model>"
"""The file name that pasted source is compiled under."""


@dataclass
class Call:
    """One call: of a module that has no code of the reader's in it, or of a function."""

    path: str
    kind: str
    inputs: tuple[Any, ...]
    output: Any
    macs: int = 0
    module: Any = None
    line: int = 0
    field: tuple[int, ...] | None = None
    sums_up: bool = False
    """Whether the calls that it made stand before it."""

    sources: tuple[Sources, ...] = ()
    """For each input the calls that made it, as they were when it was read."""

    given: tuple[Any, Any] = ((), {})
    """The arguments of a function, by position and by name."""


MOST_ASKED = 300
"""How often a script may call models; what sizes depend on is known long before."""


class Enough(BaseException):
    """A script has called models so often that the rest is training; code of the reader's must not catch it."""


@dataclass
class Asked:
    """A call of a model by the script itself, or a shape that it says the model is for."""

    module: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    line: int


@dataclass
class Tape:
    """Calls in their order, and the modules that are running now, outermost first."""

    calls: list[Call] = field(default_factory=list)
    first: int = 0
    """How many calls were forgotten: tensors count the calls from the very first one."""

    running: list[str] = field(default_factory=list)
    paths: dict[int, str] = field(default_factory=dict)
    """The path of each module of the model."""

    failed: str | None = None
    """The innermost module that was running when something went wrong."""

    quiet: int = 0
    """How many calls deep we are in code that is not the reader's."""

    asked: list[Asked] = field(default_factory=list)
    """Calls of models that no other model makes."""

    described: list[Asked] = field(default_factory=list)
    """Inputs that the script gives to a function which prints a model's table."""

    most_asked: int = MOST_ASKED

    silent: str = ""
    """The last module whose `forward` returned nothing."""

    def meet(self, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """A module is called: written down where the script does it, not another module."""
        if self.running:
            return
        if len(self.asked) >= self.most_asked:
            raise Enough(f"a script may call models {self.most_asked} times here")
        # As they are now: what is called may change a list that it is given.
        self.asked.append(Asked(module, fresh(args), fresh(kwargs), line_of_model()))

    def describe(self, module: Any, given: Any, *, batched: bool) -> None:
        """A model's table is asked for: tensors, or shapes with or without the batch."""
        held = tensors_in(given)
        if not held:
            several = isinstance(given, (list, tuple)) and given and isinstance(given[0], (list, tuple))
            shapes = given if several else [given]
            if not all(isinstance(each, (list, tuple)) and all(isinstance(n, int) for n in each) for each in shapes):
                return
            held = tuple(Tensor(each if batched else (1, *each)) for each in shapes)
        self.described.append(Asked(module, fresh(held), {}, line_of_model()))

    def restart(self) -> None:
        """Forget the calls so far; what they made is a constant from now on."""
        self.first += len(self.calls)
        self.calls.clear()
        self.failed = None

    def sources(self, tensor: Tensor) -> Sources:
        """The calls on the tape that a tensor comes from, and inputs."""
        return tuple(each if each < 0 else each - self.first for each in tensor.sources if not 0 <= each < self.first)

    def path(self) -> str:
        """The innermost module that is running."""
        return self.running[-1] if self.running else ""

    def note(
        self,
        kind: str,
        inputs: tuple[Any, ...],
        output: Any,
        macs: int = 0,
        module: Any = None,
        path: str | None = None,
        *,
        sums_up: bool = False,
        given: tuple[Any, Any] = ((), {}),
    ) -> None:
        """Write a call down, unless it is an inner one of a call that is written down itself.

        A call that sums up others, which stand before it, makes nothing anew.
        """
        if self.quiet:
            return
        where = self.path() if path is None else path
        made = tensors_in(output)
        # Noted now: a tensor that is changed in place sees other things later, and comes from elsewhere.
        seen = tuple(sight.width for sight in made[0].sights) if made and made[0].sights else None
        sources = () if sums_up else tuple(map(self.sources, inputs))
        line = line_of_model()
        self.calls.append(Call(where, kind, inputs, output, macs, module, line, seen, sums_up, sources, given))
        for each in () if sums_up else made:
            each.sources = (self.first + len(self.calls) - 1,)

    @contextmanager
    def within(self, path: str) -> Iterator[None]:
        """A module at work."""
        self.running.append(path)
        try:
            yield
        except BaseException:
            if self.failed is None:
                self.failed = path
            raise
        finally:
            self.running.pop()

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """A call whose inner calls are not written down."""
        self.quiet += 1
        try:
            yield
        finally:
            self.quiet -= 1


def fresh(value: Any) -> Any:
    """The same arguments with new tensors in them, which come from nowhere."""
    if isinstance(value, Tensor):
        return Tensor(value._shape, value.dtype, value.values)
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [*map(fresh, value)] if isinstance(value, list) else tuple(map(fresh, value))
    return {name: fresh(each) for name, each in value.items()} if isinstance(value, dict) else value


current = Tape()
"""The tape that runs; `calc.trace` starts a new one."""


def start() -> Tape:
    """A new tape."""
    global current
    current = Tape()
    return current


def line_of_model() -> int:
    """The innermost line of pasted source that is being run; 0 where there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == SOURCE:
            return frame.f_lineno
        frame = frame.f_back
    return 0


def line_of_maker(made: Any) -> int:
    """The line of pasted source that makes an object whose `__init__` is running; 0 where there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        own = code.co_name == "__init__" and frame.f_locals.get(next(iter(code.co_varnames), "")) is made
        if code.co_filename == SOURCE and not own:
            return frame.f_lineno
        frame = frame.f_back
    return 0
