"""The methods of dataclasses, compiled when the page's Python is built.

A dataclass writes its methods as source and compiles them when its module is imported:
half of the time that importing `calc` takes. So the build notes what is written (see
library.py) and ships it compiled: `first` for the modules that every answer imports,
`pasted` for those that only pasted models need. Importing either has its methods used;
a class that is in neither gets its own as ever.
"""

from __future__ import annotations

import dataclasses
import inspect
from types import FunctionType, SimpleNamespace
from typing import Any

METHODS: dict[str, FunctionType] = {}
"""What the source of a class's methods compiles to: the function that makes them."""


def _exec(source: str, names: dict[str, Any], into: dict[str, Any]) -> None:
    if (made := METHODS.get(source)) is None:
        exec(source, names, into)
    else:
        into[made.__name__] = FunctionType(made.__code__, names)


dataclasses.exec = _exec  # type: ignore[attr-defined]

# Docstrings are not shipped, and to a class without one it would write one that spells out its parameters.
dataclasses.inspect = SimpleNamespace(  # type: ignore[attr-defined]
    get_annotations=inspect.get_annotations, signature=lambda written: ""
)
