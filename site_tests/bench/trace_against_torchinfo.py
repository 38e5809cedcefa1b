"""`calc.trace` beside `torchinfo.summary`: the same models on the same machine in the same run, and what both say.

    make bench-trace

Runs of the two take turns, so that a busy moment of the machine falls on both; what is printed
are medians. Nothing is asserted: times belong to a machine, and are read by people.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torchinfo

import calc
from calc.model_catalogue import models
from calc.tracing import tensor_of
from site_tests.bench.turns import by_turns
from site_tests.parity.real_models import run

RUNS = 7
"""How often each is timed."""

STACK = """
from torch import nn

model = nn.Sequential(*[nn.Linear(64, 64) for _ in range({})])
"""

TIED = """
from torch import nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 64)
        self.out = nn.Linear(64, 1000, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, ids):
        return self.out(self.embed(ids))
"""

ATTENTION = """
from torch import nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attend = nn.MultiheadAttention(512, 8, batch_first=True)

    def forward(self, x):
        return self.attend(x, x, x, need_weights=False)[0]
"""


@dataclass(frozen=True)
class Subject:
    """A model: its source, the expression that makes it, its inputs."""

    name: str
    source: str
    entry: str
    inputs: tuple[str, ...]

    def traced(self) -> Any:
        """By `calc.trace`, from source to report."""
        return calc.trace(self.source, *self.inputs, entry=self.entry)

    def built(self) -> torch.nn.Module:
        """By PyTorch, with its weights."""
        scope: dict[str, Any] = {"__name__": "model"}
        exec(compile(self.source, "model.py", "exec"), scope)
        made: torch.nn.Module = eval(self.entry, scope)
        return made.eval()

    def given(self) -> list[torch.Tensor]:
        """The inputs as tensors of zeros."""
        described = [tensor_of(each) for each in self.inputs]
        return [torch.zeros(tuple(each.shape), dtype=getattr(torch, each.dtype.name)) for each in described]

    def summed_up(self, model: torch.nn.Module) -> Any:
        """By torchinfo."""
        return torchinfo.summary(model, input_data=self.given(), verbose=0)

    def counted(self) -> int:
        """Half the FLOPs by PyTorch's own counter, on its meta device, where it sees every operation."""
        return run(self.source, self.entry, self.inputs).macs


def listed(name: str) -> Subject:
    """A network of the catalogue."""
    found = models()[name]
    return Subject(name, found.source, found.entry, found.inputs)


TIMED = (
    listed("ResNet-152"),
    listed("ViT-B/16"),
    listed("GPT-2"),
    Subject("1,000 dense layers", STACK.format(1000), "model", ("1, 64",)),
)

SAID = (
    listed("ResNet-152"),
    listed("ViT-B/16"),
    listed("GPT-2"),
    Subject("MultiheadAttention, 512 wide", ATTENTION, "Attention()", ("1, 128, 512",)),
    Subject(
        "ConvTranspose2d 64 to 32",
        "from torch import nn\nmodel = nn.Sequential(nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1))\n",
        "model",
        ("1, 64, 28, 28",),
    ),
    Subject("tied embedding, 1000 x 64", TIED, "Tied()", ("int64[1, 12]",)),
)

GROWTH = (100, 1000, 3000, 10_000)


def fresh(statement: str) -> Callable[[], object]:
    """The statement in a Python of its own."""
    return lambda: subprocess.run([sys.executable, "-c", statement], check=True)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A Markdown table."""
    print(
        "\n| " + " | ".join(head) + " |\n|" + "|".join(" --- " if not at else " --: " for at in range(len(head))) + "|"
    )
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def seconds(taken: float) -> str:
    """With the digits that mean something."""
    return f"{taken * 1000:,.1f} ms" if taken < 1 else f"{taken:,.2f} s"


def timed(subject: Subject) -> tuple[str, ...]:
    """One row of times."""
    model = subject.built()
    ours, with_it, alone = by_turns(
        [subject.traced, lambda: subject.summed_up(subject.built()), lambda: subject.summed_up(model)], RUNS
    )
    return (
        subject.name, seconds(ours), seconds(with_it), f"{with_it / ours:.1f}", seconds(alone), f"{alone / ours:.1f}",
    )  # fmt: skip


def imports() -> Iterable[tuple[str, ...]]:
    """What a script waits for before the first model."""
    empty, ours, theirs = by_turns(
        [fresh("pass"), fresh("import calc; calc.trace"), fresh("import torch, torchinfo")], RUNS
    )
    for name, taken in (("import calc; calc.trace", ours), ("import torch, torchinfo", theirs)):
        yield name, seconds(taken), seconds(taken - empty), f"{(taken - empty) / (ours - empty):.1f}"


def said(subject: Subject) -> tuple[str, ...]:
    """What both count, and what PyTorch's own counter does."""
    ours, theirs = subject.traced(), subject.summed_up(subject.built())
    true = sum(each.numel() for each in subject.built().parameters())
    return (
        subject.name, f"{true:,}", f"{ours.params:,}", f"{theirs.total_params:,}",
        f"{subject.counted():,}", f"{ours.macs:,}", f"{theirs.total_mult_adds:,}",
    )  # fmt: skip


def grown() -> Iterable[tuple[str, ...]]:
    """Stacks of more and more layers."""
    stacks = [Subject("", STACK.format(count), "model", ("1, 64",)) for count in GROWTH]
    for count, taken in zip(GROWTH, by_turns([each.traced for each in stacks], RUNS), strict=True):
        yield f"{count:,}", seconds(taken), f"{taken / count * 1e6:.0f} µs"


def main() -> None:
    """Print all tables."""
    print(f"Python {sys.version.split()[0]}, torch {torch.__version__}, torchinfo {torchinfo.__version__}, CPU")
    print(f"Medians of {RUNS} runs that take turns.")
    table(
        ("Model", "calc.trace", "torchinfo, model built", "times", "torchinfo, model at hand", "times"),
        map(timed, TIMED),
    )
    table(("Import in a fresh Python", "in all", "beyond an empty script", "times"), imports())
    table(
        ("Model", "Parameters", "calc.trace", "torchinfo", "FLOPs / 2 by PyTorch", "calc.trace", "torchinfo"),
        map(said, SAID),
    )
    table(("Layers", "calc.trace", "for each"), grown())


if __name__ == "__main__":
    main()
