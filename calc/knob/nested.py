"""A layer as an argument of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calc.knob.declare import Kind, Unfit, knobs


@dataclass(frozen=True)
class Nested(Kind):
    """A layer, given by its arguments: `{"d_model": 8, "nhead": 2}`.

    Of several classes the key "class" names the one that is meant. `empty` says in
    words what None stands for, where None is allowed.
    """

    classes: tuple[type, ...]
    empty: str = ""

    def clean(self, value: object) -> Any:
        if value is None and self.empty:
            return None
        if isinstance(value, self.classes):
            return value
        if not isinstance(value, Mapping):
            raise Unfit(f"must be the arguments of {self._names()}", "write them as a dictionary")
        arguments = dict(value)
        kind = self.chosen(arguments.pop("class", self.classes[0].__name__))
        known = {each.name: each for each in knobs(kind)}
        for name in arguments:
            if name not in known:
                raise Unfit(f"has {name}, which is not an argument of {kind.__name__}", f"known are {', '.join(known)}")
        missing = [each.name for each in known.values() if each.required and each.name not in arguments]
        if missing:
            raise Unfit(f"needs {', '.join(missing)} for {kind.__name__}", f"give {missing[0]}")
        return kind(**arguments)

    def chosen(self, name: object) -> type:
        """The class of that name."""
        for kind in self.classes:
            if kind.__name__ == name:
                return kind
        raise Unfit(f"must be one of {self._names()}, and is {name}", f"try {self.classes[0].__name__}")

    def parse(self, text: str) -> Any:
        raise Unfit("is a layer", "give each of its arguments")

    def _names(self) -> str:
        return ", ".join(kind.__name__ for kind in self.classes)
