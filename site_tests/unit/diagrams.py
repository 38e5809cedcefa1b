"""What the tests of diagrams share: reports, and every drawing that is made of one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import calc
from calc.model_catalogue import models
from calc.report import Report
from calc.reported.drawing.call_tree import Calls, Part
from calc.reported.drawing.graph import Graph
from calc.reported.drawing.level import drawing

HEAD = "import torch, torch.nn.functional as F\nfrom torch import nn\n"

TIED = """
class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.norm, self.dense = nn.LayerNorm(size), nn.Linear(size, size)

    def forward(self, x):
        return x + torch.relu(self.dense(self.norm(x)))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.block, self.head = nn.Embedding(100, 32), Block(32), nn.Linear(32, 100, bias=False)
        self.head.weight = self.words.weight

    def forward(self, x):
        h = self.words(x)
        for _ in range(3):
            h = self.block(h)
        return self.head(h)
"""

PYRAMID = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 32, 3, 2, 1), nn.Conv2d(32, 64, 3, 2, 1), nn.Conv2d(64, 128, 3, 2, 1)
        self.beside = nn.ModuleList([nn.Conv2d(size, 64, 1) for size in (32, 64, 128)])
        self.out = nn.ModuleList([nn.Conv2d(64, 10, 3, padding=1) for _ in range(3)])

    def forward(self, x):
        a = F.relu(self.a(x))
        b = F.relu(self.b(a))
        top = self.beside[2](F.relu(self.c(b)))
        middle = self.beside[1](b) + F.interpolate(top, scale_factor=2)
        low = self.beside[0](a) + F.interpolate(middle, scale_factor=2)
        return {"low": self.out[0](low), "middle": self.out[1](middle), "top": self.out[2](top)}
"""

DENSE = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(8 * (at + 1), 8, 3, padding=1) for at in range(5)])

    def forward(self, x):
        made = [x]
        for conv in self.convs:
            made.append(torch.relu(conv(torch.cat(made, 1))))
        return torch.cat(made, 1)
"""

HEADS = """
class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(64, 16), nn.Linear(64, 16), nn.Linear(64, 16)

    def forward(self, x):
        return torch.softmax(self.q(x) @ self.k(x).transpose(-2, -1), -1) @ self.v(x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads, self.out = nn.ModuleList([Head() for _ in range(6)]), nn.Linear(96, 64)

    def forward(self, x):
        return self.out(torch.cat([head(x) for head in self.heads], -1))
"""

CELL = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.cell, self.out = nn.Embedding(50, 16), nn.GRUCell(16, 32), nn.Linear(32, 50)

    def forward(self, x):
        words, h, seen = self.words(x), torch.zeros(x.shape[0], 32), []
        for t in range(x.shape[1]):
            h = self.cell(words[:, t], h)
            seen.append(h)
        return self.out(torch.stack(seen, 1))
"""

TIMED = """
class Res(nn.Module):
    def __init__(self, inner, outer):
        super().__init__()
        self.a, self.t, self.b = nn.Conv2d(inner, outer, 3, padding=1), nn.Linear(64, outer), nn.Conv2d(outer, outer, 1)
        self.shortcut = nn.Conv2d(inner, outer, 1) if inner != outer else nn.Identity()

    def forward(self, x, t):
        return self.b(torch.relu(self.a(x)) + self.t(t)[:, :, None, None]) + self.shortcut(x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(16, 64), nn.SiLU(), nn.Linear(64, 64))
        self.a, self.b, self.middle, self.c, self.d = Res(3, 32), Res(32, 64), Res(64, 64), Res(128, 32), Res(64, 32)
        self.pool, self.up, self.out = nn.MaxPool2d(2), nn.Upsample(scale_factor=2), nn.Conv2d(32, 3, 1)

    def forward(self, x, t):
        t = self.time(t)
        a = self.a(x, t)
        b = self.b(self.pool(a), t)
        c = self.c(torch.cat([self.up(self.middle(self.pool(b), t)), b], 1), t)
        return self.out(self.d(torch.cat([self.up(c), a], 1), t))
"""

UNITS = """
def unit(inner, outer, stride):
    return nn.Sequential(nn.Conv2d(inner, outer, 3, stride, 1), nn.BatchNorm2d(outer), nn.ReLU())

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.units = nn.ModuleList([unit(3 if at == 0 else 8, 8, 2 if at % 3 == 0 else 1) for at in range(9)])
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))

    def forward(self, x):
        for unit in self.units:
            x = unit(x)
        return self.head(x)
"""

UNUSED = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 2)

    def forward(self, x, mask):
        return self.dense(x)
"""

MANY = """
layers = []
for at in range(500):
    layers += [nn.Linear(8 + at % 7, 8 + (at + 1) % 7), nn.ReLU()]
model = nn.Sequential(*layers)
"""

KERAS = """
import keras
from keras import layers
start = keras.Input((32, 32, 3))
x = layers.Conv2D(16, 3, padding="same", activation="relu")(start)
y = layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same")(x))
z = layers.GlobalAveragePooling2D()(layers.ReLU()(layers.Add()([x, y])))
model = keras.Model(start, layers.Dense(5)(z))
"""

BY_HAND = {
    "tied": (TIED, ("int64[2, 7]",)),
    "pyramid": (PYRAMID, ("1, 3, 64, 64",)),
    "dense": (DENSE, ("1, 8, 16, 16",)),
    "heads": (HEADS, ("2, 10, 64",)),
    "cell": (CELL, ("int64[2, 30]",)),
    "timed": (TIMED, ("1, 3, 64, 64", "1, 16")),
    "units": (UNITS, ("1, 3, 64, 64",)),
    "unused": (UNUSED, ("2, 4", "2, 7")),
    "many": (MANY, ("2, 8",)),
    "one": ("model = nn.Linear(3, 5)", ("2, 3",)),
    "keras": (KERAS, ()),
}

NAMES = [*models(), *BY_HAND]


@cache
def report_of(name: str) -> Report:
    """The report of a network of the catalogue, or of one above."""
    if name in BY_HAND:
        source, inputs = BY_HAND[name]
        if name == "keras":
            return calc.trace(source, framework="keras")
        return calc.trace(HEAD + source, *inputs)
    model = models()[name]
    return calc.trace(model.source, *model.inputs, entry=model.entry)


@cache
def calls_of(name: str) -> Calls:
    """The same, with its tree."""
    return Calls(report_of(name))


def drawings(name: str) -> Iterator[tuple[Part, Graph]]:
    """The overview, and the inside of each kind of module that is drawn closed, each before those in it."""
    calls = calls_of(name)
    seen: set[object] = set()

    def of(part: Part) -> Iterator[tuple[Part, Graph]]:
        graph = drawing(calls, part)
        yield part, graph
        for inner in (each for box in graph.boxes for each in box.parts):
            if calls.can_open(inner) and calls.form(inner, sizes=False) not in seen:
                seen.add(calls.form(inner, sizes=False))
                yield from of(inner)

    yield from of(calls.root)


def overview(name: str) -> Graph:
    """The first drawing."""
    calls = calls_of(name)
    return drawing(calls, calls.root)
