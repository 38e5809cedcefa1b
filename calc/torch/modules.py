"""`nn.Module` and its containers: parameters, buffers and children under PyTorch's names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

from calc.errors import CalcError
from calc.torch import tape
from calc.torch.dtypes import DType
from calc.torch.mistaken import without_forward
from calc.torch.tensor import Tensor, tensors_in


class Parameter(Tensor):
    """A tensor that a module learns."""

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        source = data if data is not None else Tensor((0,))
        super().__init__(source._shape, source.dtype, requires_grad=requires_grad)


class Buffer(Tensor):
    """A tensor that is saved with a module and not learned."""

    def __init__(self, data: Tensor, persistent: bool = True) -> None:
        super().__init__(data._shape, data.dtype, data.values)


class Module:
    """A part of a model: attributes that are parameters or modules are found under their names."""

    training: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.update(_parameters={}, _buffers={}, _modules={}, _fleeting=set(), training=True, _name=None)
        self.__dict__["_made_line"] = tape.line_of_maker(self)

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        if "_modules" not in own:
            if isinstance(value, (Parameter, Module)):
                raise CalcError(
                    f"{type(self).__name__}: {name} is set before super().__init__()",
                    hint="call super().__init__() first in __init__",
                )
            own[name] = value
            return
        table = (
            own["_parameters"]
            if isinstance(value, Parameter)
            else own["_modules"]
            if isinstance(value, Module)
            else own["_buffers"]
            if isinstance(value, Tensor) and (isinstance(value, Buffer) or name in own["_buffers"])
            else None
        )
        if table is None and value is None:
            # A known name that is emptied stays known, as in PyTorch.
            table = next(
                (each for each in (own["_parameters"], own["_modules"], own["_buffers"]) if name in each), None
            )
        for each in (own["_parameters"], own["_modules"], own["_buffers"]):
            if each is not table:
                each.pop(name, None)
        if table is None:
            own[name] = value
        else:
            own.pop(name, None)
            table[name] = value

    def __getattr__(self, name: str) -> Any:
        for table in ("_parameters", "_modules", "_buffers"):
            found = self.__dict__.get(table, {})
            if name in found:
                return found[name]
        if name in ("_modules", "_parameters", "_buffers", "training"):
            line = getattr(getattr(type(self).__init__, "__code__", None), "co_firstlineno", 0)
            raise CalcError(
                f"{type(self).__name__}.__init__ in line {line} does not call super().__init__()",
                hint="call super().__init__() first in __init__",
            )
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}", name=name, obj=self)

    def __delattr__(self, name: str) -> None:
        for table in ("_parameters", "_modules", "_buffers"):
            if name in self.__dict__[table]:
                del self.__dict__[table][name]
                return
        super().__delattr__(name)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Keep a tensor that is not learned; one that is not persistent is not saved either."""
        self._buffers[name] = tensor
        if not persistent:
            self._fleeting.add(name)

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Keep a tensor that is learned, or a name for one."""
        self._parameters[name] = param

    def register_module(self, name: str, module: Module | None) -> None:
        """Keep a part."""
        self._modules[name] = module

    add_module = register_module

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module does."""
        raise without_forward(type(self))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        running = tape.current
        path = running.paths.get(id(self), type(self).__name__)
        before = len(running.calls)
        running.meet(self, args, kwargs)
        with running.within(path):
            output = self.forward(*args, **kwargs)
        if output is None:
            running.silent = path
        if not self._modules:
            # A part without parts is a row of its own, behind the functions that it called.
            inputs, called = tensors_in((args, kwargs)), len(running.calls) > before
            running.note(type(self).__name__, inputs, output, 0, self, path, sums_up=called)
        return output

    def children(self) -> Iterator[Module]:
        """The parts right below."""
        return (module for _, module in self.named_children())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The parts right below with their names, each once."""
        seen: set[int] = set()
        for name, module in self._modules.items():
            if module is not None and id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def modules(self) -> Iterator[Module]:
        """This module and all parts."""
        return (module for _, module in self.named_modules())

    def named_modules(
        self, memo: set[int] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module and all parts with their paths, each once."""
        seen = memo if memo is not None else set()
        if id(self) in seen:
            return
        seen.add(id(self))
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(seen, f"{prefix}.{name}" if prefix else name)

    def _tensors(self, table: str, *, twice: bool = False) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        # Most modules have no parts, and are asked once for each row.
        for path, module in self.named_modules() if self._modules else (("", self),):
            for name, each in module.__dict__[table].items():
                if each is not None and (twice or id(each) not in seen):
                    seen.add(id(each))
                    yield f"{path}.{name}" if path else name, each

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The learned tensors, each once."""
        return (each for _, each in self.named_parameters(recurse=recurse))

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The learned tensors with their paths, each once."""
        for name, each in self._tensors("_parameters", twice=not remove_duplicate):
            if recurse or "." not in name:
                yield f"{prefix}.{name}" if prefix else name, each

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The tensors that are kept and not learned."""
        return (each for _, each in self.named_buffers())

    def named_buffers(self, prefix: str = "", recurse: bool = True, **options: Any) -> Iterator[tuple[str, Tensor]]:
        """The tensors that are kept and not learned, with their paths."""
        return self._tensors("_buffers")

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Tensor]:
        """All that is saved."""
        return dict([*self._tensors("_parameters", twice=True), *self._tensors("_buffers", twice=True)])

    def load_state_dict(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do: numbers are not known here."""

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """A function for every part, innermost first."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Training, or inference."""
        self.__dict__["training"] = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self) -> Self:
        """Inference."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Whether training changes the parameters."""
        for each in self.parameters():
            each.requires_grad = requires_grad
        return self

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """Another kind of numbers, or another place, which makes no difference here."""
        for dtype in (*args, *kwargs.values()):
            if isinstance(dtype, DType):
                for each in (*self.parameters(), *self.buffers()):
                    each.dtype = dtype if each.dtype.is_floating_point else each.dtype
        return self

    def cuda(self, *args: Any) -> Self:
        """Nothing is anywhere here."""
        return self

    cpu = type = cuda

    def half(self) -> Self:
        """In float16."""
        from calc.torch.dtypes import DTYPES

        return self.to(DTYPES["float16"])

    def float(self) -> Self:
        """In float32."""
        from calc.torch.dtypes import FLOAT

        return self.to(FLOAT)

    def zero_grad(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do."""

    def register_forward_hook(self, *args: Any, **kwargs: Any) -> None:
        """Hooks are not run here."""

    register_forward_pre_hook = register_load_state_dict_post_hook = register_forward_hook
    _register_load_state_dict_pre_hook = register_forward_hook

    def get_submodule(self, target: str) -> Module:
        """A part by its path."""
        module = self
        for name in filter(None, target.split(".")):
            module = getattr(module, name)
        return module

    def extra_repr(self) -> str:
        """Hook: what stands in the brackets."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        inner = "".join(
            f"\n  ({name}): {repr(each).replace(chr(10), chr(10) + '  ')}" for name, each in self._modules.items()
        )
        return f"{self._get_name()}({self.extra_repr()}{inner}{chr(10) if inner else ''})"
