"""Classes under their names, imported when they are asked for.

A page shows a handful of layers out of some two hundred; loading the others would
cost the reader a second before the first answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:  # the point is not to load them
    from calc.calculator import Calculator

Made = TypeVar("Made", bound="Calculator")

Families: TypeAlias = "Mapping[str, Mapping[str, str]]"
"""A family's name, its modules, and in each the names of its classes with spaces between."""


def names_of(modules: Mapping[str, str]) -> tuple[str, ...]:
    """The names of a family's classes, in their order."""
    return tuple(name for names in modules.values() for name in names.split())


class Registry(Mapping[str, type[Made]], Generic[Made]):
    """A mapping from names to classes; `prefix` stands before each name, as in `keras.Dense`.

    Examples:
        >>> pools = Registry("calc.layers", {"pooling": {"pool": "MaxPool1d MaxPool2d"}})
        >>> list(pools), pools["MaxPool2d"].__name__
        (['MaxPool1d', 'MaxPool2d'], 'MaxPool2d')
    """

    def __init__(self, package: str, families: Families, prefix: str = "") -> None:
        self._modules = {
            prefix + name: f"{package}.{module}"
            for modules in families.values()
            for module, names in modules.items()
            for name in names.split()
        }

    def __or__(self, other: Registry[Any]) -> Registry[Any]:
        """Both tables in one."""
        both: Registry[Any] = Registry("", {})
        both._modules = self._modules | other._modules
        return both

    def __getitem__(self, name: str) -> type[Made]:
        kind: type[Made] = getattr(import_module(self._modules[name]), name.rpartition(".")[2])
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)
