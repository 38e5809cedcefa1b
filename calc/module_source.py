"""A network as PyTorch source: a sequence where it is one, else a class for each kind of block.

A block's constructor takes the block's own arguments. That its layers are written in
terms of them (`nn.Conv2d(in_channels, c2[0], kernel_size=1)`) is read off the integers
that remember where they came from. What decides how many layers there are, or which,
is settled when the class is written, so it is no argument of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from calc.blocks.chain import Chain
from calc.expression import Const, Leaf, Node, Op, Step, full_symbol, leaves
from calc.knob import Knob, knobs
from calc.layer_base import Layer
from calc.network import Network, Row
from calc.source import arguments, differs, torch_call
from calc.sym import Sym, node_of


def torch_module(network: Network) -> list[str]:
    """Source lines that make the network and call it `layer`."""
    rows = network.parts()
    if _is_chain(network, rows):
        listed = [f'    ("{row.name}", {torch_call(row.layer)}),' for row in rows]
        return ["from collections import OrderedDict", "layer = nn.Sequential(OrderedDict([", *listed, "]))"]
    classes = _Classes()
    made = classes.call(network, repr, outermost=True)
    return [*classes.lines, f"layer = {made}"]


def _is_chain(network: Network, rows: tuple[Row, ...]) -> bool:
    ends = [network.required_inputs()[0].name, *(row.name for row in rows)]
    return all(row.sources == (end,) and _is_module(row) for row, end in zip(rows, ends, strict=False))


def _is_module(row: Row) -> bool:
    return not hasattr(row.layer, "expression") and not isinstance(row.layer, Network)


@dataclass(frozen=True)
class _Class:
    """A class that is written already, and which arguments its constructor takes."""

    name: str
    takes: tuple[str, ...]


class _Classes:
    """The classes that a network needs, inner ones first; blocks with the same source share one."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.known: dict[tuple[str, ...], _Class] = {}
        self.taken: Counter[str] = Counter()

    def call(self, network: Network, spell: Callable[[Any], str], *, outermost: bool = False) -> str:
        """The call that makes a network; its class is written first, if it is not yet."""
        found = self._class_of(network, outermost=outermost)

        def wanted(each: Knob, value: Any) -> bool:
            # The outermost call has the reader's numbers, which follow from nothing.
            telling = differs(each, value) if outermost else _is_worth_writing(each, value)
            return each.name in found.takes and (each.positional or telling)

        return f"{found.name}({arguments(network, torch_call, spell, wanted)})"

    def _class_of(self, network: Network, *, outermost: bool) -> _Class:
        remembered = network.symbolic()
        spell = Spelling(remembered)
        body = tuple(self._body(remembered, spell))
        if body not in self.known:
            takes = tuple(each for each in knobs(network) if each.name in spell.used)
            names = tuple(each.name for each in takes)
            self.known[body] = _Class(self._free_name(network, () if outermost else names), names)
            parameters = [each.name if each.required else f"{each.name}={each.default!r}" for each in takes]
            self.lines.append(f"class {self.known[body].name}(nn.Module):")
            self.lines.append(f"    def __init__({', '.join(['self', *parameters])}):")
            self.lines += [*body, "", ""]
        return self.known[body]

    def _free_name(self, network: Network, takes: tuple[str, ...]) -> str:
        """The block's name, with the numbers that are settled in it: VGGBlock2 has two convolutions."""
        settled = [each for each in knobs(network) if takes and each.symbol and each.name not in takes]
        base = type(network).__name__ + "".join(str(getattr(network, each.name)) for each in settled)
        self.taken[base] += 1
        return base if self.taken[base] == 1 else f"{base}{'ABCDEFGH'[self.taken[base] - 1]}"

    def _body(self, network: Network, spell: Spelling) -> Iterator[str]:
        rows = network.parts()
        yield "        super().__init__()"
        for row in rows:
            if not hasattr(row.layer, "expression") and not row.again:
                yield f"        self.{row.name} = {self._made(row.layer, spell)}"
        inputs = [port.name for port in network.required_inputs()]
        yield ""
        yield f"    def forward({', '.join(['self', *(_variable(name) for name in inputs)])}):"
        yield from _forward(rows, inputs)

    def _made(self, layer: Layer, spell: Spelling) -> str:
        if isinstance(layer, Chain):
            members = [f"            {self._made(member, spell)},\n" for member in layer.members]
            return f"nn.Sequential(\n{''.join(members)}        )"
        if isinstance(layer, Network):
            return self.call(layer, spell)

        def wanted(each: Knob, value: Any) -> bool:
            return each.positional or _is_worth_writing(each, value)

        written = arguments(layer, lambda inner: self._made(inner, spell), spell, wanted)
        *source, _ = layer.torch_lines()
        if not source:
            return f"nn.{type(layer).__name__}({written})"
        # A block that is no layer of PyTorch brings its class along.
        if tuple(source) not in self.known:
            self.known[tuple(source)] = _Class(type(layer).__name__, ())
            self.lines += ["", *source] if self.lines else source
        return f"{type(layer).__name__}({written})"


def _is_worth_writing(each: Knob, value: Any) -> bool:
    """What follows from a constructor's argument is written even where it equals a default just now."""
    return _follows(value) or differs(each, value)


def _follows(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(_follows(item) for item in value)
    return isinstance(value, Sym) and any(True for _ in leaves(value.node))


class Spelling:
    """Writes values as Python source in terms of a constructor's arguments, and notes which it needed."""

    def __init__(self, network: Network) -> None:
        self.used: set[str] = set()
        self.names: dict[str, tuple[str, str]] = {}
        self.tuples: dict[tuple[Any, ...], str] = {}
        for each in knobs(network):
            value = getattr(network, each.name)
            if isinstance(value, Sym) and isinstance(value.node, Leaf):
                self.names[full_symbol(value.node)] = each.name, each.name
            elif isinstance(value, tuple) and all(isinstance(item, Sym) for item in value):
                self.tuples[tuple(item.node for item in value)] = each.name
                for at, item in enumerate(value):
                    self.names.setdefault(full_symbol(item.node), (each.name, f"{each.name}[{at}]"))

    def __call__(self, value: Any) -> str:
        if isinstance(value, Sym):
            return self._expression(value.node)[0]
        if isinstance(value, tuple):
            name = self.tuples.get(tuple(node_of(item) for item in value if isinstance(item, int)))
            if name:
                self.used.add(name)
                return name
            inner = ", ".join(self(item) for item in value)
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        return repr(value)

    def _expression(self, node: Node) -> tuple[str, int]:
        """An expression and how tightly it binds: 1 sums, 2 products, 3 the rest."""
        match node:
            case Const(value=value):
                return str(value), 3
            case Leaf():
                return self._argument(node), 3
            case Step(definition=definition):
                return self._expression(definition)
            case Op(name="+" | "-" as sign, args=(a, b)):
                return f"{self._within(a, 1)} {sign} {self._within(b, 2)}", 1
            case Op(name="*", args=(a, b)):
                return f"{self._within(a, 2)} * {self._within(b, 3)}", 2
            case Op(name="floor" | "exact", args=(a, b)):
                return f"{self._within(a, 2)} // {self._within(b, 3)}", 2
            case Op(name="ceil", args=(a, b)):
                return f"-(-{self._within(a, 3)} // {self._within(b, 3)})", 3
            case Op(name="mod", args=(a, b)):
                return f"{self._within(a, 2)} % {self._within(b, 3)}", 2
        raise TypeError(f"not written in Python: {node!r}")

    def _argument(self, leaf: Leaf) -> str:
        if full_symbol(leaf) not in self.names:
            return str(Sym(leaf.value, leaf))
        knob, written = self.names[full_symbol(leaf)]
        self.used.add(knob)
        return written

    def _within(self, node: Node, at_least: int) -> str:
        text, binds = self._expression(node)
        return text if binds >= at_least else f"({text})"


def _forward(rows: tuple[Row, ...], inputs: list[str]) -> Iterator[str]:
    """A line for each row."""
    held = _variables(rows, inputs)
    for row in rows:
        read = [held[source] for source in row.sources]
        options = [row.options.format(*read)] if row.options else []
        called = f"self.{row.again or row.name}({', '.join([*read, *options])})"
        answer = row.layer.expression(read) if hasattr(row.layer, "expression") else called
        yield f"        return {answer}" if row is rows[-1] else f"        {held[row.name]} = {answer}"


def _variables(rows: tuple[Row, ...], inputs: list[str]) -> dict[str, str]:
    """What holds each row's answer: a variable is used again as soon as nobody else reads it."""
    left = Counter(source for row in rows for source in row.sources)
    held = {name: _variable(name) for name in inputs}
    for row in rows:
        left.subtract(row.sources)
        free = [held[source] for source in row.sources if not left[source]]
        held[row.name] = free[0] if free else row.name
    fresh = {name for name in held.values() if name in held and name not in inputs}
    if len(fresh) == 1:  # one path beside the input
        [only] = fresh
        return {name: "out" if variable == only else variable for name, variable in held.items()}
    return held


def _variable(name: str) -> str:
    return "x" if name == "input" else name
