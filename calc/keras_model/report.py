"""The report of a Keras model."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator, Sequence
from math import prod

from calc.errors import CalcError
from calc.keras_model.graph import Node
from calc.keras_model.model import Functional, Sequential
from calc.keras_model.summary import summary
from calc.report import Report, TraceRow, Wire
from calc.tensor import Shape
from calc.torch.dtypes import NAMED
from calc.torch.held import most_at_once
from calc.tracing.entry_found import evaluated, nothing_found
from calc.tracing.entry_made import needed, unclear
from calc.tracing.pasted import Pasted


def model_in(found: Pasted, entry: str | None) -> Functional:
    """The model of a source: what `entry` makes, the last one that was assigned, or what a function returns."""
    scope = found.scope
    held = [evaluated(entry, found)] if entry else list(scope.values())
    models = [each for each in held if isinstance(each, Functional)] or list(_returned(found))
    if not models:
        for node in found.tree.body:
            if isinstance(node, ast.FunctionDef) and _speaks_of_models(node) and needed(scope.get(node.name)):
                raise unclear(node.name, scope[node.name])
        hint = "assign one, model = Sequential([...])"
        raise nothing_found(found, "the source defines no Keras model", hint)
    return models[-1]


def _speaks_of_models(node: ast.FunctionDef) -> bool:
    """Whether a function returns something and names what Keras calls a model."""
    names = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    names |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    returns = any(isinstance(each, ast.Return) and each.value is not None for each in ast.walk(node))
    return returns and bool(names & {"Sequential", "Model"})


def _returned(found: Pasted) -> Iterator[Functional]:
    """What functions that need no arguments return."""
    for node in found.tree.body:
        function = found.scope.get(node.name) if isinstance(node, ast.FunctionDef) else None
        if isinstance(function, types.FunctionType) and not needed(function):
            made = function()
            if isinstance(made, Functional):
                yield made


def report_of_keras(model: Functional, given: list[Shape], dtype: str = "float32") -> Report:
    """A row for each call of a layer, inputs first.

    Without a shape the batch is None, as Keras shows it, and costs are those of one sample.
    """
    if given and isinstance(model, Sequential) and not model.inputs:
        model.built_on(given[0])
    if not model.inputs:
        raise CalcError(
            f"{model.name} does not know its input", knob="input", hint="give a shape, or start the model with an Input"
        )
    wanted = [tuple(each.rest) for each in model.inputs]
    if given and [tuple(shape[1:]) for shape in given] != wanted:
        raise CalcError(
            f"input (={', '.join(map(str, map(tuple, given)))}) does not fit the model's own",
            knob="input",
            hint=f"behind the batch give {', '.join(map(str, wanted))}",
        )
    text = summary(model)
    nodes = [node for each in model.graph.by_depth.values() for node in each]
    if given:
        for node in nodes:
            for tensor in node.outputs:
                tensor.batch = given[0][0]
    weights = model.weights()
    outputs = [each.shape for each in model.outputs]
    rows, wires = tuple(_rows(nodes, NAMED[dtype].size)), tuple(_wires(nodes, model))
    return Report(
        rows,
        tuple((name, shape) for name, shape, trained in weights if trained),
        tuple((name, shape) for name, shape, trained in weights if not trained),
        sum(prod(shape) for _, shape, _ in weights),
        sum(prod(shape) for _, shape, trained in weights if trained),
        sum(node.layer.macs(node) for node in nodes),
        tuple(outputs) if model.several else outputs[0],
        text,
        modules=(("", type(model).__name__), *((node.layer.name, node.layer.kind) for node in nodes if _first(node))),
        wires=wires,
        inputs=tuple(", ".join(map(str, each.shape)) for each in model.inputs),
        dtype=dtype,
        input_bytes=sum(NAMED[dtype].size * prod(size or 1 for size in each.shape) for each in model.inputs),
        fullest=_fullest(rows, wires),
    )


LOOKS = ("InputLayer", "Flatten", "Reshape", "Identity", "ActivityRegularization")
"""Layers that make no numbers: what they give lies where their input lies."""

DROPS = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout", "GaussianNoise")
"""Layers that make numbers in training alone."""


def _fullest(rows: Sequence[TraceRow], wires: Sequence[Wire]) -> int:
    """The most bytes at once; what a layer that makes no numbers gives lies where its first input lies."""
    first = {wire.target: wire.source for wire in reversed(wires)}
    home: list[int] = []
    for at, row in enumerate(rows):
        home.append(at if row.new_bytes or at not in first else home[first[at]])
    last = list(range(len(rows)))
    for wire in wires:
        last[home[wire.source]] = max(last[home[wire.source]], wire.target)
    sizes = [row.new_bytes for row in rows]
    return most_at_once(zip(range(len(rows)), last, sizes, strict=True), len(rows))


def _first(node: Node) -> bool:
    return node.number == 0


def _wires(nodes: list[Node], model: Functional) -> Iterator[Wire]:
    place = {id(node): at for at, node in enumerate(nodes)}
    for at, node in enumerate(nodes):
        yield from (Wire(place[id(each.node)], at, each.shape) for each in node.inputs)
    yield from (Wire(place[id(each.node)], len(nodes), each.shape) for each in model.outputs)


def _rows(nodes: list[Node], width: int) -> list[TraceRow]:
    rows, counted = [], set()
    for node in nodes:
        new = id(node.layer) not in counted
        counted.add(id(node.layer))
        numbers = node.layer.count_params()
        outputs = [tensor.shape for tensor in node.outputs]
        size = sum(width * prod(extent or 1 for extent in shape) for shape in outputs)
        rows.append(
            TraceRow(
                node.layer.name,
                node.layer.kind,
                tuple(tensor.shape for tensor in node.inputs),
                tuple(outputs) if node.several else outputs[0],
                numbers if new else 0,
                node.layer.macs(node),
                size,
                None,
                node.layer._made_line,
                new_bytes=0 if node.layer.kind in (*LOOKS, *DROPS) else size,
                new_bytes_in_training=0 if node.layer.kind in LOOKS else size,
                reused=0 if new else numbers,
            )
        )
    return rows
