"""A network as PyTorch source: a sequence where it is one, else a class for each kind of block.

A block's constructor takes the block's own arguments. That its layers are written in
terms of them (`nn.Conv2d(in_channels, c2[0], kernel_size=1)`) is read off the integers
that remember where they came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from calc.knob import knobs
from calc.source import arguments, torch_call
from calc.sym import Const, Leaf, Node, Op, Step, Sym, full_symbol

if TYPE_CHECKING:  # networks know how to write themselves
    from calc.network import Network, Row


def torch_module(network: Network) -> list[str]:
    """Source lines that make the network and call it `layer`."""
    rows = network.parts()
    if _is_chain(network, rows):
        listed = [f'    ("{row.name}", {torch_call(row.layer)}),' for row in rows]
        return ["from collections import OrderedDict", "layer = nn.Sequential(OrderedDict([", *listed, "]))"]
    classes = _Classes()
    name = classes.name_of(network)
    return [*classes.lines, f"layer = {name}({arguments(network, torch_call)})"]


def _is_chain(network: Network, rows: tuple[Row, ...]) -> bool:
    ends = [network.required_inputs()[0].name, *(row.name for row in rows)]
    return all(row.sources == (end,) and _is_module(row) for row, end in zip(rows, ends, strict=False))


def _is_module(row: Row) -> bool:
    return not hasattr(row.layer, "expression") and not hasattr(row.layer, "wire")


class _Classes:
    """The classes that a network needs, inner ones first; blocks with the same source share one."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.known: dict[tuple[str, ...], str] = {}
        self.taken: Counter[str] = Counter()

    def name_of(self, network: Network) -> str:
        remembered = network.symbolic()
        base = type(network).__name__
        body = tuple(self._body(remembered, _names(remembered)))
        if body not in self.known:
            self.taken[base] += 1
            name = base if self.taken[base] == 1 else f"{base}{self.taken[base]}"
            self.known[body] = name
            self.lines += [f"class {name}(nn.Module):", *body, "", ""]
        return self.known[body]

    def _body(self, network: Network, names: Mapping[str, str]) -> Iterator[str]:
        rows = network.parts()
        yield f"    def __init__({', '.join(['self', *_parameters(network)])}):"
        yield "        super().__init__()"
        for row in rows:
            if not hasattr(row.layer, "expression"):
                yield f"        self.{row.name} = {self._made(row.layer, names)}"
        inputs = [port.name for port in network.required_inputs()]
        yield ""
        yield f"    def forward({', '.join(['self', *(_variable(name) for name in inputs)])}):"
        yield from _forward(rows, inputs)

    def _made(self, layer: Any, names: Mapping[str, str]) -> str:
        def spell(value: Any) -> str:
            return spelt(value, names)

        if hasattr(layer, "wire"):
            return f"{self.name_of(layer)}({arguments(layer, torch_call, spell)})"
        return f"nn.{type(layer).__name__}({arguments(layer, torch_call, spell)})"


def _parameters(network: Network) -> Iterator[str]:
    for each in knobs(network):
        yield each.name if each.required else f"{each.name}={each.default!r}"


def _names(network: Network) -> dict[str, str]:
    """Each symbol of a network's arguments, as its constructor has it: `c2[0]`."""
    found = {}
    for each in knobs(network):
        value = getattr(network, each.name)
        if isinstance(value, Sym) and isinstance(value.node, Leaf):
            found[full_symbol(value.node)] = each.name
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, Sym) and isinstance(item.node, Leaf):
                    found[full_symbol(item.node)] = f"{each.name}[{at}]" if item.node.axis else each.name
    return found


def spelt(value: Any, names: Mapping[str, str]) -> str:
    """A value as Python source in terms of a constructor's arguments."""
    if isinstance(value, Sym):
        return _python(value.node, names)[0]
    if isinstance(value, tuple):
        inner = ", ".join(spelt(item, names) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def _python(node: Node, names: Mapping[str, str]) -> tuple[str, int]:
    """An expression as Python source, and how tightly it binds: 1 sums, 2 products, 3 the rest."""
    match node:
        case Const(value=value):
            return str(value), 3
        case Leaf(value=value):
            return names.get(full_symbol(node), str(value)), 3
        case Step(definition=definition):
            return _python(definition, names)
        case Op(name="+" | "-" as sign, args=(a, b)):
            return f"{_within(a, 1, names)} {sign} {_within(b, 2, names)}", 1
        case Op(name="*", args=(a, b)):
            return f"{_within(a, 2, names)} * {_within(b, 3, names)}", 2
        case Op(name="floor" | "exact", args=(a, b)):
            return f"{_within(a, 2, names)} // {_within(b, 3, names)}", 2
        case Op(name="ceil", args=(a, b)):
            return f"-(-{_within(a, 3, names)} // {_within(b, 3, names)})", 3
        case Op(name="mod", args=(a, b)):
            return f"{_within(a, 2, names)} % {_within(b, 3, names)}", 2
    raise TypeError(f"not written in Python: {node!r}")


def _within(node: Node, at_least: int, names: Mapping[str, str]) -> str:
    text, binds = _python(node, names)
    return text if binds >= at_least else f"({text})"


def _forward(rows: tuple[Row, ...], inputs: list[str]) -> Iterator[str]:
    """A line for each row; a variable is used again as soon as nobody else reads it."""
    left = Counter(source for row in rows for source in row.sources)
    held = {name: _variable(name) for name in inputs}
    for row in rows:
        read = [held[source] for source in row.sources]
        left.subtract(row.sources)
        free = [variable for source, variable in zip(row.sources, read, strict=True) if not left[source]]
        target = free[0] if free else row.name
        held[row.name] = target
        called = f"self.{row.name}({', '.join(read)})"
        yield f"        {target} = {row.layer.expression(read) if hasattr(row.layer, 'expression') else called}"
    yield f"        return {held[rows[-1].name]}"


def _variable(name: str) -> str:
    return "x" if name == "input" else name
