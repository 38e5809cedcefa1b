"""Packages that scripts import besides the framework: the little of each that sizes depend on.

Whatever else is asked of them is a placeholder.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import time
import types
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NoReturn

from calc.absent import Absent, AbsentError
from calc.torch import bases, einops, tape, timm_layers
from calc.torch.tensor import Tensor


class AtHand(types.ModuleType):
    """A module of which some names are known; the others are placeholders."""

    def __init__(self, name: str, known: dict[str, Any]) -> None:
        super().__init__(name)
        self.__dict__.update(known)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return [each for each in self.__dict__ if not each.startswith("_")]
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")


def _of_numbers(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of plain numbers; of anything else the package itself would be needed."""

    def apply(*args: Any, **options: Any) -> Any:
        if options or not all(isinstance(each, (int, float)) for each in args):
            raise AbsentError(f"numpy.{name} is at hand here for plain numbers alone")
        return function(*args)

    return apply


def _product(values: Any, *args: Any, **options: Any) -> Any:
    if isinstance(values, (int, float)):
        return values
    if args or options or not isinstance(values, Iterable) or isinstance(values, (Tensor, Absent)):
        raise AbsentError("numpy.prod is at hand here for plain numbers alone")
    return math.prod(values)


NUMPY: dict[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in ("sqrt", "exp", "log", "log2", "log10", "log1p", "sin", "cos", "tanh")},
    "ceil": lambda number: float(math.ceil(number)),
    "floor": lambda number: float(math.floor(number)),
    "round": round,
    "abs": abs,
    "power": pow,
    "maximum": max,
    "minimum": min,
}
"""NumPy's functions of single numbers; `ceil` and `floor` give fractions, as there."""


def _nothing(*args: Any, **kwargs: Any) -> None:
    """What changes nothing that is worked out here."""


def _numpy() -> AtHand:
    functions = {name: _of_numbers(name, function) for name, function in NUMPY.items()}
    constants = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}
    return AtHand("numpy", {**functions, **constants, "prod": _product, "product": _product})


class CommandLine(argparse.ArgumentParser):
    """A command line on which nothing was typed: every option has its default."""

    def parse_args(self, *args: Any, **kwargs: Any) -> Any:
        return super().parse_args([])

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        return super().parse_known_args([], *args[1:])

    def error(self, message: str) -> NoReturn:
        raise AbsentError(f"the command line is empty here: {message}")


def _version(text: str) -> tuple[int, ...]:
    """A version, to be compared with another."""
    return tuple(int(each) for each in re.findall(r"\d+", str(text).partition("+")[0])[:3])


def _shown(batched: bool) -> Callable[..., Any]:
    """A function that prints a model's table for an input of a given shape."""

    def show(model: Any, input_size: Any = None, *args: Any, **options: Any) -> Any:
        data = options.get("input_data", options.get("inputs"))
        size = options.get("input_shape", options.get("input_res", input_size))
        tape.current.describe(model, size if data is None else data, batched=batched)
        return Absent("the table of another package")

    return show


def _profiled(model: Any, inputs: Any = None, *args: Any, **options: Any) -> Any:
    tape.current.describe(model, inputs if inputs is not None else options.get("args"), batched=True)
    return Absent("the figures of another package"), Absent("the figures of another package")


@cache
def namespace() -> dict[str, types.ModuleType]:
    """Every module of this kind, under its full name."""
    numpy = _numpy()
    plain_time = {name: getattr(time, name) for name in ("time", "perf_counter", "monotonic", "strftime")}
    known = {name: getattr(sys, name) for name in ("maxsize", "version_info", "version", "float_info", "platform")}
    found = [
        numpy,
        AtHand("numpy.random", {"seed": _nothing}),
        AtHand("argparse", {**vars(argparse), "ArgumentParser": CommandLine}),
        AtHand("sys", {**known, "argv": ["model.py"], "exit": sys.exit}),
        AtHand("time", {**plain_time, "sleep": _nothing}),
        AtHand("torchsummary", {"summary": _shown(batched=False)}),
        AtHand("torchsummaryX", {"summary": _profiled}),
        AtHand("torchinfo", {"summary": _shown(batched=True)}),
        AtHand("thop", {"profile": _profiled, "clever_format": lambda figures, *args, **options: figures}),
        AtHand("ptflops", {"get_model_complexity_info": _shown(batched=False)}),
        AtHand("einops", einops.FUNCTIONS),
        AtHand("einops.layers", {}),
        AtHand("einops.layers.torch", {"Rearrange": einops.Rearrange, "Reduce": einops.Reduce}),
        AtHand("d2l", {}),
        AtHand("d2l.torch", bases.BOOK),
        *(AtHand(name, bases.LIGHTNING) for name in ("pytorch_lightning", "lightning")),
        *(AtHand(f"{name}.pytorch", bases.LIGHTNING) for name in ("pytorch_lightning", "lightning")),
        AtHand("timm", {}),
        AtHand("timm.data", timm_layers.DATA),
        AtHand("timm.layers", timm_layers.LAYERS),
        AtHand("timm.models", timm_layers.REGISTRY),
        AtHand("timm.models.layers", timm_layers.LAYERS),
        AtHand("timm.models.layers.helpers", timm_layers.LAYERS),
        AtHand("timm.models.layers.weight_init", timm_layers.LAYERS),
        AtHand("timm.models.registry", timm_layers.REGISTRY),
        AtHand("timm.models._registry", timm_layers.REGISTRY),
        AtHand("packaging", {}),
        AtHand("packaging.version", {"parse": _version, "Version": _version}),
        AtHand("timm.models.vision_transformer", timm_layers.SETTINGS),
        AtHand("fvcore", {}),
        AtHand("fvcore.nn", {"FlopCountAnalysis": lambda *args: _profiled(*args)[0]}),
    ]
    by_name: dict[str, types.ModuleType] = {each.__name__: each for each in found}
    for name, module in by_name.items():
        holder, _, last = name.rpartition(".")
        if holder:
            by_name[holder].__dict__[last] = module
    return by_name
