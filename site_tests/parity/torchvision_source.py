"""Torchvision's models as one piece of source each: the file itself, with what it imports of torchvision in front.

Torchvision is read and never imported. Of its own helpers the operations are taken from
their source; what registers models, describes weights or downloads them is left out.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LEFT_OUT = """
import collections, enum, functools, inspect, math, sys, warnings
from typing import *

class Weights:
    def __init__(self, **described): self.__dict__.update(described)

class WeightsEnum(enum.Enum): pass
class ImageClassification: pass
class InterpolationMode: BILINEAR, BICUBIC = "bilinear", "bicubic"
_IMAGENET_CATEGORIES = []

def register_model(name=None): return lambda function: function
def handle_legacy_interface(**weights): return lambda function: function
def _ovewrite_named_param(kwargs, param, new_value): kwargs[param] = new_value
def _log_api_usage_once(thing): pass
def _make_ntuple(x, n): return tuple(x) if isinstance(x, (tuple, list)) else (x,) * n

def _make_divisible(v, divisor, min_value=None):
    new_v = max(min_value or divisor, int(v + divisor / 2) // divisor * divisor)
    return new_v + divisor if new_v < 0.9 * v else new_v
"""

FILES = {
    "alexnet": "alexnet", "convnext": "convnext", "densenet": "densenet", "efficientnet": "efficientnet",
    "googlenet": "googlenet", "inception": "inception", "mnasnet": "mnasnet", "mobilenet_v2": "mobilenetv2",
    "mobilenet_v3": "mobilenetv3", "regnet": "regnet", "resn": "resnet", "wide_resnet": "resnet",
    "shufflenet": "shufflenetv2", "squeezenet": "squeezenet", "swin": "swin_transformer", "vgg": "vgg",
    "vit": "vision_transformer",
}  # fmt: skip
"""Where a model stands, by how its name begins."""


def folder() -> Path:
    """Torchvision's own folder; an error where it is not installed."""
    found = find_spec("torchvision")
    assert found, "torchvision is missing: `make parity` installs it"
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def source(model: str) -> str:
    """Everything that a model by this name needs, as one text."""
    [file] = {file for start, file in FILES.items() if model.startswith(start)}
    return _operations() + _alone(folder() / "models" / f"{file}.py")


@cache
def _operations() -> str:
    parts = (_alone(folder() / "ops" / f"{name}.py") for name in ("stochastic_depth", "misc"))
    return "\n".join([LEFT_OUT, *parts, ""])


@cache
def _alone(path: Path) -> str:
    """A file without its imports of torchvision and without its tables of weights."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("torchvision")):
            renamed = "; ".join(f"{each.asname} = {each.name}" for each in node.names if each.asname)
            _replace(lines, node.lineno, node.end_lineno, renamed)
        elif isinstance(node, ast.ClassDef) and node.name.endswith("_Weights"):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            verify = "verify = staticmethod(lambda weights: None)"
            defaults = "DEFAULT = IMAGENET1K_V1 = IMAGENET1K_V2 = None"
            _replace(lines, first, node.end_lineno, f"class {node.name}: {defaults}; {verify}")
    return "\n".join(lines)


def _replace(lines: list[str], first: int, last: int | None, text: str) -> None:
    lines[first - 1 : last] = [text, *[""] * ((last or first) - first)]
