"""What pasted source speaks of and is not at hand here: other packages, data, files.

A placeholder stands for it. It may be imported, named, passed on and asked for its parts;
whoever needs what it is gets an error that says its name.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, ClassVar, NoReturn

from calc.errors import CalcError


class AbsentError(CalcError):
    """What was used is not at hand here; the source itself may be right. `cause` is where that began."""

    latest: ClassVar[AbsentError | None] = None
    """The last one that was raised: the reader's own code may have caught it, and gone on with something else."""

    def __init__(self, rule: str, *, hint: str = "", cause: str = "") -> None:
        self.cause = cause or rule
        super().__init__(rule, hint=hint)
        AbsentError.latest = self


class Absent:
    """A placeholder. `rule` says why it has no value, where it is more than that `name` is not at hand."""

    def __init__(self, name: str, rule: str = "", cause: str = "") -> None:
        package = name.lstrip(".").partition(".")[0]
        own = f"{name[: len(name) - len(name.lstrip('.'))]}{package} is not at hand here"
        self.__dict__.update(_name=name, _rule=rule or f"{name} is not at hand here", _why=rule, _cause=cause or own)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AbsentError(self._rule, cause=self._cause)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return ()
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}", self._why, self._cause)

    def __repr__(self) -> str:
        return f"<{self._name}, which is not at hand>"

    def __instancecheck__(self, instance: object) -> bool:
        # Nothing of a class that is not at hand can exist; whether a placeholder stands for one is not known.
        return bool(instance._refuse()) if isinstance(instance, Absent) else False

    def __subclasscheck__(self, kind: type) -> bool:
        return False

    __hash__ = object.__hash__


OPERATIONS = (
    "call getitem setitem delitem setattr delattr iter next len bool int index float complex contains enter exit "
    "mro_entries str format eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul and or xor lshift rshift neg "
    "pos abs invert radd rsub rmul rtruediv rfloordiv rmod rpow rmatmul rand ror rxor round reversed await aiter"
)
"""What says that the placeholder is one."""

for _name in OPERATIONS.split():
    setattr(Absent, f"__{_name}__", Absent._refuse)


def absent_in(error: BaseException) -> Absent | None:
    """The placeholder that code which is not the reader's was given when it failed."""
    step: TracebackType | None = error.__traceback__
    found = None
    while step is not None:
        if step.tb_frame.f_globals.get("__name__", "") != "model":
            held = absent_within(list(step.tb_frame.f_locals.values()))
            found = found if held is None else held
        step = step.tb_next
    return found


def absent_within(value: Any, depth: int = 3) -> Absent | None:
    """A placeholder in nested lists and dictionaries."""
    if type(value) is Absent:
        return value
    inner = list(value.values()) if type(value) is dict else value if type(value) in (list, tuple) else ()
    for each in inner if depth else ():
        found = absent_within(each, depth - 1)
        if found is not None:
            return found
    return None
