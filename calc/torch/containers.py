"""`nn.Sequential`, `nn.ModuleList` and the other containers of modules and parameters."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from calc.errors import CalcError
from calc.torch.modules import Module, Parameter


class Sequential(Module):
    """Parts one after the other."""

    def __init__(self, *args: Any) -> None:
        super().__init__()
        named = args[0].items() if len(args) == 1 and isinstance(args[0], Mapping) else enumerate(args)
        for name, module in named:
            self._add(str(name), module)

    def _add(self, name: str, module: Any) -> None:
        if module is not None and not isinstance(module, Module):
            what = (
                f"the class {module.__name__}"
                if isinstance(module, type)
                else f"{type(module).__name__} {module!r:.40}"
            )
            raise CalcError(
                f"Sequential takes modules, and got {what} at place {name}",
                hint=f"write {module.__name__}(...)" if isinstance(module, type) else "give an nn.Module",
            )
        self._modules[name] = module

    def forward(self, input: Any) -> Any:
        for module in self._modules.values():
            input = module(input)
        return input

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __len__(self) -> int:
        return len(self._modules)

    def __getitem__(self, at: Any) -> Any:
        found = list(self._modules.items())[at] if isinstance(at, slice) else list(self._modules.values())[at]
        return Sequential(OrderedDict(found)) if isinstance(at, slice) else found

    def __setitem__(self, at: int, module: Module) -> None:
        self._modules[list(self._modules)[at]] = module

    def __delitem__(self, at: int) -> None:
        kept = [module for place, module in enumerate(self._modules.values()) if place != at % len(self)]
        self.__dict__["_modules"] = {str(place): module for place, module in enumerate(kept)}

    def append(self, module: Module) -> Self:
        """One more part at the end."""
        self._add(str(len(self._modules)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> Self:
        """Several more."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, at: int, module: Module) -> Self:
        """One more part somewhere."""
        kept = list(self._modules.values())
        kept.insert(at, module)
        self.__dict__["_modules"] = {str(place): each for place, each in enumerate(kept)}
        return self


class ModuleList(Sequential):
    """A list of parts; it has no forward of its own."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__(*(modules or ()))

    def forward(self, *args: Any) -> Any:
        raise CalcError("ModuleList has no forward", hint="call its parts one by one, or use nn.Sequential")

    def __getitem__(self, at: Any) -> Any:
        found = list(self._modules.values())[at]
        return ModuleList(found) if isinstance(at, slice) else found

    def __iadd__(self, modules: Iterable[Module]) -> Self:
        return self.extend(modules)


class ModuleDict(Module):
    """Parts under keys."""

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        self.update(modules or {})

    def update(self, modules: Any) -> None:
        """More parts."""
        for name, module in modules.items() if hasattr(modules, "items") else modules:
            self._modules[name] = module

    def __getitem__(self, key: str) -> Module:
        found: Module = self._modules[key]
        return found

    def __setitem__(self, key: str, module: Module) -> None:
        self._modules[key] = module

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def keys(self) -> Any:
        """The keys."""
        return self._modules.keys()

    def items(self) -> Any:
        """Keys and parts."""
        return self._modules.items()

    def values(self) -> Any:
        """The parts."""
        return self._modules.values()


class ParameterList(Module):
    """A list of learned tensors."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        for value in values or ():
            self.append(value)

    def append(self, value: Any) -> Self:
        """One more."""
        self._parameters[str(len(self._parameters))] = value if isinstance(value, Parameter) else Parameter(value)
        return self

    def __getitem__(self, at: int) -> Any:
        return list(self._parameters.values())[at]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._parameters.values())

    def __len__(self) -> int:
        return len(self._parameters)


class ParameterDict(ModuleDict):
    """Learned tensors under keys."""

    def update(self, modules: Any) -> None:
        for name, value in modules.items():
            self._parameters[name] = value if isinstance(value, Parameter) else Parameter(value)

    def __getitem__(self, key: str) -> Any:
        return self._parameters[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._parameters[key] = value if isinstance(value, Parameter) else Parameter(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)


class DataParallel(Module):
    """A model that several devices share: it is a part, under the name `module`."""

    def __init__(self, module: Module, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self.module = module

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)
