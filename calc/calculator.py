"""What every calculator is: a frozen dataclass whose fields are knobs, checked when it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.errors import CalcError
from calc.knob import Unfit, knobs
from calc.tensor import Port


@dataclass(frozen=True)
class Calculator:
    """Something that a page can compute: a layer, a network, a demo with values, an exercise."""

    panels: ClassVar[tuple[str, ...]] = ()
    """What is shown of it, in page order."""

    dialect: ClassVar[str] = ""
    """Whose names and defaults these are: "" for PyTorch, else "keras", "tf1", "flax"."""

    explains: ClassVar[bool] = True
    """Whether a list of what each argument means stands below the form."""

    sandboxed: ClassVar[bool] = False
    """Whether it runs code that a reader brings, which the page does apart from everything else."""

    inputs: ClassVar[tuple[Port, ...]] = ()
    """The tensors whose shapes are asked for besides the knobs."""

    def __post_init__(self) -> None:
        for each in knobs(self):
            value = getattr(self, each.name)
            try:
                cleaned = each.kind.clean(value)
            except Unfit as unfit:
                raise self.fault(each.name, unfit.rule, unfit.hint) from None
            object.__setattr__(self, each.name, cleaned)
        self.check()

    def check(self) -> None:
        """Hook: refuse what cannot be, or what the framework refuses when the layer is built."""

    @classmethod
    def spelled_out(cls, declared: Mapping[str, Any]) -> dict[str, Any]:
        """Hook: what a fence may say for short, as the arguments that it stands for."""
        return dict(declared)

    def written(self, form: str) -> str:
        """Hook: the whole answer as text in a form such as "csv", to be copied or kept."""
        raise CalcError(f"{self.title()} is not written in another form (={form!r})", knob="form", hint="copy a panel")

    @classmethod
    def title(cls) -> str:
        """The name with its dialect: `Conv2d`, `keras.Conv2D`."""
        return f"{cls.dialect}.{cls.__name__}" if cls.dialect else cls.__name__

    @classmethod
    def required_inputs(cls) -> tuple[Port, ...]:
        """The inputs that every call needs."""
        return tuple(port for port in cls.inputs if not port.optional)

    def fault(self, knob: str, rule: str, hint: str, *, value: object = ...) -> CalcError:
        """The error for a knob: `Conv2d: stride (=0) must be at least 1; …`."""
        shown = getattr(self, knob, None) if value is ... else value
        text = repr(shown) if len(repr(shown)) <= 80 else f"{repr(shown)[:77]}…"
        return CalcError(f"{self.title()}: {knob} (={text}) {rule}", knob=knob, hint=hint)

    def require_bounds(self, *names: str) -> None:
        """Refuse a number below the least that its knob allows."""
        for each in knobs(self):
            least = each.kind.low()
            if each.name not in names or least is None:
                continue
            value = getattr(self, each.name)
            for number in value if isinstance(value, tuple) else (value,):
                if isinstance(number, int) and number < least:
                    raise self.fault(each.name, f"must be at least {least}", f"try {least}")
