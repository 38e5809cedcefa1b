"""What a norm does, told step by step: its picture's sentences and the first group's formulas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from calc.demos.normalization_text import bracketed, few, numbers_text
from calc.scene import at, digits
from calc.stage import Stop
from calc.values.nested import Cell, at_cell, cells
from calc.worked import factor, tex

if TYPE_CHECKING:
    from calc.demos.normalization import NormalizationByHand


def stops(norm: NormalizationByHand) -> Iterator[Stop]:
    """Group by group its mean, variance and root, then its cells; at the end gamma and beta for all."""
    rms = not norm.centred
    for index, group in enumerate(norm.groups):
        own, values, name = norm.done.members[group], _values(norm, group), norm.group_name(group)
        middle, variance, root = norm.numbers(group)
        lit = [at("x", *cell) for cell in own]
        start, count = name[0].upper() + name[1:], len(own)
        if rms:
            yield Stop(at("s", index, 0), lit, f"{start}: RMS norm takes no mean off, so 0 stands here.")
        else:
            added = numbers_text(values, " + ")
            yield Stop(at("s", index, 0), lit, f"{start}: the mean is ({added}) / {count} = {digits(middle)}.")
        squares = " + ".join(few([f"{_minus(norm, number, middle, bare=False)}²" for number in values]))
        word = "mean square" if rms else "variance"
        said = f"{start}: the {word} is ({squares}) / {count} = {digits(variance)}."
        yield Stop(at("s", index, 1), [at("s", index, 0), *lit], said)
        said = f"{start}: its numbers are divided by √({digits(variance)} + {norm.eps:g}) = {digits(root)}."
        yield Stop(at("s", index, 2), [at("s", index, 1)], said)
        for cell in own:
            hat = digits(at_cell(norm.done.scaled, cell))
            above = _minus(norm, at_cell(norm.tensor, cell), middle, bare=True)
            said = f"{_place(norm, cell)}: {above} / {digits(root)} = {hat}."
            yield Stop(at("h", *cell), [at("x", *cell), at("s", index, 0), at("s", index, 2)], said)
    for cell in cells(norm.shape):
        gamma, beta = norm.affine(cell)
        shift = "" if rms else f" + {bracketed(beta)}"
        hat, made = bracketed(at_cell(norm.done.scaled, cell)), digits(at_cell(norm.done.output, cell))
        said = f"{_place(norm, cell)}: γ·x̂{' + β' if shift else ''} = {digits(gamma)}·{hat}{shift} = {made}."
        yield Stop(at("y", *cell), [at("h", *cell)], said)


def notes(norm: NormalizationByHand) -> Iterator[Stop]:
    """With whom each cell shares its mean."""
    for cell in cells(norm.shape):
        group = norm.sharing(cell)
        own, index = norm.done.members[group], norm.groups.index(group)
        lit = [at("x", *other) for other in own if other != cell]
        what = "mean" if norm.centred else "mean square"
        number = norm.done.means[group] if norm.centred else norm.done.variances[group]
        others = "another cell" if len(lit) == 1 else f"{len(lit)} other cells"
        said = f"shares its {what} with {others}, {norm.group_name(group)}" if lit else f"has its {what} to itself"
        lights = [*lit, at("s", index, 0 if norm.centred else 1)]
        yield Stop(at("x", *cell), lights, f"{_place(norm, cell)} {said}: {digits(number)}.")


def first_group(norm: NormalizationByHand) -> list[tuple[str, ...]]:
    """The first group and its first cell, as lines of a derivation."""
    group = norm.groups[0]
    own, values = norm.done.members[group], _values(norm, group)
    middle, variance, root = norm.numbers(group)
    count, first = len(own), own[0]
    gamma, beta = norm.affine(first)
    hat, made = at_cell(norm.done.scaled, first), at_cell(norm.done.output, first)
    lines: list[tuple[str, ...]] = []
    if norm.centred:
        added = " + ".join(few(list(map(factor, values)), r"\cdots"))
        squares = " + ".join(few([f"({tex(number)} - {factor(middle)})^2" for number in values], r"\cdots"))
        lines.append((r"\mu", r"\frac{1}{n} \sum x", rf"\frac{{{added}}}{{{count}}}", tex(middle)))
        spread = r"\frac{1}{n} \sum (x - \mu)^2"
        lines.append((r"\sigma^2", spread, rf"\frac{{{squares}}}{{{count}}}", tex(variance)))
        above = f"{tex(values[0])} - {factor(middle)}"
        scaled, affine = r"\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}", r"\gamma \hat{x} + \beta"
    else:
        squares = " + ".join(few([f"{factor(number)}^2" for number in values], r"\cdots"))
        lines.append((r"\overline{x^2}", r"\frac{1}{n} \sum x^2", rf"\frac{{{squares}}}{{{count}}}", tex(variance)))
        above = tex(values[0])
        scaled, affine = r"\frac{x}{\sqrt{\overline{x^2} + \varepsilon}}", r"\gamma \hat{x}"
    lines.append((r"\hat{x}_1", scaled, rf"\frac{{{above}}}{{{tex(root)}}}", tex(hat)))
    shift = f" + {factor(beta)}" if norm.centred else ""
    lines.append(("y_1", affine, rf"{tex(gamma)} \cdot {factor(hat)}{shift}", tex(made)))
    return lines


def _values(norm: NormalizationByHand, group: Cell) -> list[float]:
    return [at_cell(norm.tensor, cell) for cell in norm.done.members[group]]


def _minus(norm: NormalizationByHand, number: float, middle: float, *, bare: bool) -> str:
    """A number without its mean; `bare` where no power follows, so that a negative one needs no brackets."""
    if norm.centred:
        return f"({digits(number)} − {bracketed(middle)})"
    return digits(number) if bare else bracketed(number)


def _place(norm: NormalizationByHand, cell: Cell) -> str:
    words = ("sample", "feature") if len(norm.shape) == 2 else ("sample", "channel", "position")
    return ", ".join(f"{word} {index + 1}" for word, index in zip(words, cell, strict=True)).capitalize()
