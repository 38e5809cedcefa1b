"""`nn.Conv2d` and its like as modules: names, shapes, costs and refusals are those of `calc.layers`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from calc.absent import Absent
from calc.errors import CalcError
from calc.knob import knobs
from calc.layer_base import Layer
from calc.layers import LAYERS
from calc.tensor import tensors
from calc.torch import products, sights, tape
from calc.torch.dtypes import FLOAT, LONG, TRUTH
from calc.torch.mistaken import class_for_layer, not_a_tensor
from calc.torch.modules import Module, Parameter
from calc.torch.tensor import Tensor, like, tensors_in

BESIDES = ("device", "dtype", "inplace", "enable_nested_tensor", "_freeze", "_weight")
"""Arguments that decide about nothing that is worked out here."""

INDICES = {"indices"}
"""Outputs that hold positions."""


class LayerModule(Module):
    """A module whose parameters and answers are a layer's."""

    kind: type[Layer]
    is_leaf = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        names = [each.name for each in knobs(self.kind)]
        if any(isinstance(each, Tensor) and each._shape for each in args):
            raise class_for_layer(self.kind.__name__)
        if len(names) < len(args) <= len(names) + 2 and not any(
            isinstance(each, (bool, int)) for each in args[len(names) :]
        ):
            args = args[: len(names)]  # behind its own arguments PyTorch takes device and dtype
        if len(args) > len(names):
            raise CalcError(f"{self.kind.__name__} takes {len(names)} arguments, and got {len(args)}")
        arguments = dict(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name in arguments:
                raise CalcError(f"{self.kind.__name__}: {name} is given twice", knob=name, hint="give it once")
            if name in names:
                arguments[name] = value
            elif name not in BESIDES:
                raise CalcError(
                    f"{self.kind.__name__}: {name} (={value!r}) is not an argument of {self.kind.__name__}",
                    knob=name,
                    hint=f"known are {', '.join(names)}",
                )
        missing = [each.name for each in knobs(self.kind) if each.required and each.name not in arguments]
        if missing:
            raise CalcError(
                f"{self.kind.__name__}: {missing[0]} is missing", knob=missing[0], hint=f"give {missing[0]}"
            )
        self.layer = self.kind(**{name: _plain(value) for name, value in arguments.items()})
        for weight in self.layer.weights():
            self._home(weight.name)._parameters[weight.name.rpartition(".")[2]] = Parameter(Tensor(weight.shape))
        for stored in self.layer.buffers():
            dtype = LONG if stored.counter else FLOAT
            self._home(stored.name)._buffers[stored.name.rpartition(".")[2]] = Tensor(stored.shape, dtype)
        for name in names:
            # Code reads them back: self.conv.out_channels. Optional tensors that are not there are None.
            if name not in self._parameters:
                self.__dict__[name] = self._kept(name)
        if not arguments.get("bias", True) and "bias" in names:
            self.__dict__.pop("bias", None)
            self._parameters["bias"] = None

    def _kept(self, name: str) -> Any:
        """An argument as PyTorch's module keeps it: convolutions have a number for each axis."""
        value = getattr(self.layer, name)
        each_axis = name in ("kernel_size", "stride", "padding", "dilation", "output_padding")
        if each_axis and isinstance(value, int) and type(self).kind.__name__.startswith("Conv"):
            return (value,) * len(self.kind.axis_letters)
        return (value,) if name == "normalized_shape" and isinstance(value, int) else value

    def _home(self, name: str) -> Module:
        home: Module = self
        for part in name.split(".")[:-1]:
            if part not in home._modules:
                home._modules[part] = Module()
            home = home._modules[part]
        return home

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Called by its name, as `super().forward(x)`: a function of the module that does so."""
        running = tape.current
        with running.hushed():
            output, macs = self.run(*args, **kwargs)
        itself = running.paths.get(id(self)) == running.path()
        name = f"F.{function_name(self.kind.__name__)}"
        running.note(name, tensors_in((*args, *kwargs.values())), output, macs, None if itself else self)
        return output

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if type(self).forward is not LayerModule.forward:
            # A class of the reader's own, made of this one.
            return super().__call__(*args, **kwargs)
        running = tape.current
        path = running.paths.get(id(self), type(self).__name__)
        running.meet(self, args, kwargs)
        with running.within(path), running.hushed():
            output, macs = self.run(*args, **kwargs)
        given = tensors_in((*args, *kwargs.values()))
        running.note(type(self).__name__, given, output, macs, self, path)
        if given and getattr(self.layer, "inplace", False):
            given[0].sources = output.sources
        return output

    def run(self, *args: Any, **kwargs: Any) -> tuple[Any, int]:
        """The answer to a call, and its multiply-adds."""
        given = {**dict(zip((port.name for port in self.layer.inputs), args, strict=False)), **kwargs}
        for port in self.layer.inputs:
            self._check_kind(port.name, port.dtype, given.get(port.name))
        first = next((each for each in given.values() if isinstance(each, Tensor)), None)
        if first is None:
            raise not_a_tensor(self.kind.__name__, (*args, *kwargs.values())[:1])
        if self.kind.__name__ == "Linear" and self.weight._shape != (self.out_features, self.in_features):
            made = products.linear(first, self.weight)  # tied to another tensor
            return made, getattr(made, "macs", 0)
        named = {name: _shape_of(value) for name, value in given.items() if value is not None}
        if self.layer.has_mode and not self.training:
            named["training"] = False
        shapes, call = self.layer.bind(**named)
        out = self.layer.out(*shapes, **call)
        macs = sum(each.amount for each in self.layer.costs(*shapes, **self.layer.sizing(call)) if each.unit == "MAC")
        answer = self._answer(first, out)
        seen = sights.through_layer(self.layer, shapes, tensors_in(tuple(given.values())))
        for each in tensors_in(answer):
            each.sights = seen
        return answer, int(macs)

    def _check_kind(self, name: str, wanted: str, value: Any) -> None:
        if not isinstance(value, Tensor):
            return
        if wanted == "int" and value.dtype.category != LONG.category:
            sizes = ", ".join(map(str, value._shape))
            from_outside = value.sources and value.sources[0] < 0
            hint = f"give the input as int64[{sizes}]" if from_outside else "use .long()"
            raise self.layer.fault(
                name, f"must hold whole numbers, and holds {value.dtype.name}", hint, value=value._shape
            )
        if wanted == "float" and self._parameters and not value.dtype.is_floating_point:
            raise self.layer.fault(
                name, f"must hold fractions, and holds {value.dtype.name}", "use .float()", value=value._shape
            )

    def _answer(self, first: Tensor, out: Any) -> Any:
        shapes = tensors(out)
        floating = first if first.dtype.is_floating_point else Tensor((), FLOAT)
        made = [
            None if shape is None else like(floating, shape, LONG if name in INDICES else None)
            for name, shape in zip((*self.layer.outputs, *[""] * len(shapes)), shapes, strict=False)
        ]
        if self.layer.pairs_states:
            return made[0], tuple(made[1:])
        if len(made) == 1 and len(self.layer.outputs) == 1:
            return made[0]
        return tuple(made) if len(made) > 1 else made[0]

    def extra_repr(self) -> str:
        return ", ".join(f"{each.name}={getattr(self.layer, each.name)!r}" for each in knobs(self.kind))


def function_name(module: str) -> str:
    """The function of `torch.nn.functional` that a module calls.

    Examples:
        >>> function_name("LayerNorm"), function_name("ConvTranspose2d"), function_name("LeakyReLU")
        ('layer_norm', 'conv_transpose2d', 'leaky_relu')
        >>> function_name("BatchNorm2d"), function_name("RMSNorm"), function_name("MaxPool2d")
        ('batch_norm', 'rms_norm', 'max_pool2d')
    """
    name = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", "_", module).lower()
    return re.sub(r"(?<=norm)[123]d$", "", name)


def _plain(value: Any) -> Any:
    """Numbers that a tensor or a shape holds, as plain ones."""
    if isinstance(value, Absent):
        value._refuse()
    if isinstance(value, Tensor):
        return value._number()
    if isinstance(value, tuple) and type(value) is not tuple:
        return tuple(value)
    return value


def _shape_of(value: Any) -> Any:
    if isinstance(value, Tensor):
        names = {TRUTH: "bool", LONG: "int64"}
        return {"shape": value._shape, "dtype": names[value.dtype]} if value.dtype in names else value._shape
    if isinstance(value, (tuple, list)) and any(isinstance(each, Tensor) for each in value):
        return tuple(_shape_of(each) for each in value)
    return value


class EmbeddingModule(LayerModule):
    """An embedding, which can be made from a matrix, too."""

    kind = LAYERS["Embedding"]

    @classmethod
    def from_pretrained(cls, embeddings: Tensor, freeze: bool = True, **options: Any) -> EmbeddingModule:
        """The rows of a matrix, learned no further unless `freeze` is False."""
        made = cls(*embeddings._shape, **options)
        made.requires_grad_(not freeze)
        return made

    def run(self, *args: Any, **kwargs: Any) -> tuple[Any, int]:
        """The answer; indices that are known, as those of positions are, must be rows of the table."""
        given, rows = kwargs.get("input", args[0] if args else None), self.layer.argument("num_embeddings")
        outside = [each for each in getattr(given, "values", None) or () if not 0 <= each < rows]
        if outside and rows:
            worst = max(outside, key=abs)
            rule = f"must hold indices from 0 to {rows - 1}, and holds {worst}"
            hint = f"set num_embeddings={worst + 1}" if worst > 0 else "count from 0"
            raise self.layer.fault("input", rule, hint, value=given._shape if isinstance(given, Tensor) else given)
        return super().run(*args, **kwargs)


@cache
def layer_module(name: str) -> type[LayerModule]:
    """The module class of a layer."""
    base = EmbeddingModule if name == "Embedding" else LayerModule
    return type(name, (base,), {"kind": LAYERS[name], "__doc__": LAYERS[name].__doc__})
