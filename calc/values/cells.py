"""One step of a recurrent layer: a cell with its weights, every number on the way kept.

Weights are PyTorch's: (G·m, d) for an input of d numbers and (G·m, m) for a state of m,
the gates one after the other; i, f, g, o in an LSTM, r, z, n in a GRU. `from_keras`
turns Keras's around.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.RNNCell.html, LSTMCell
and GRUCell; https://github.com/keras-team/keras/blob/master/keras/src/layers/rnn/gru.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, tanh
from typing import Any, NamedTuple

from calc.values.matrix import Rows, Vector, dot, transposed


@dataclass(frozen=True)
class Weights:
    """What a cell has learned; a bias that is empty counts as zeros.

    Shapes: `weight_ih` (G·m, d), `weight_hh` (G·m, m), `bias_ih` and `bias_hh` (G·m,).
    With `weight_hr` (p, m) an LSTM shortens its state h to p numbers, and `weight_hh`
    is (4m, p).
    """

    weight_ih: Rows
    weight_hh: Rows
    bias_ih: Sequence[float] = ()
    bias_hh: Sequence[float] = ()
    weight_hr: Rows = ()


class RNNStep(NamedTuple):
    """Each of m numbers: what comes from the input and from the state, and the new state."""

    from_x: Vector
    from_h: Vector
    h: Vector


class GRUStep(NamedTuple):
    """The two parts of every sum, 3m numbers each; the gates r and z, the candidate n, the new state, m each."""

    from_x: Vector
    from_h: Vector
    r: Vector
    z: Vector
    n: Vector
    h: Vector


class LSTMStep(NamedTuple):
    """The two parts of every sum, 4m numbers each; the gates, m each; the new states."""

    from_x: Vector
    from_h: Vector
    i: Vector
    f: Vector
    g: Vector
    o: Vector
    c: Vector
    h: Vector


def sigmoid(number: float) -> float:
    """1 / (1 + e^-x), from 0 to 1, without overflow.

    Examples:
        >>> sigmoid(0), round(sigmoid(1), 4), sigmoid(-1000)
        (0.5, 0.7311, 0.0)
    """
    if number >= 0:
        return 1 / (1 + exp(-number))
    power = exp(number)
    return power / (1 + power)


def affine(weight: Rows, vector: Sequence[float], bias: Sequence[float] = ()) -> Vector:
    """W v + b: (n, m) by (m,) is (n,)."""
    offsets = bias or (0.0,) * len(weight)
    return tuple(dot(row, vector) + offset for row, offset in zip(weight, offsets, strict=True))


def rnn_cell(x: Sequence[float], h: Sequence[float], weights: Weights, nonlinearity: str = "tanh") -> RNNStep:
    """f(W_ih x + b_ih + W_hh h + b_hh), f tanh or relu: x (d,), h (m,) to h (m,).

    Examples:
        >>> rnn_cell((1, 2), (0.5,), Weights(((1, -1),), ((2,),)), "relu").h
        (0.0,)
    """
    from_x = affine(weights.weight_ih, x, weights.bias_ih)
    from_h = affine(weights.weight_hh, h, weights.bias_hh)
    function = tanh if nonlinearity == "tanh" else relu
    return RNNStep(from_x, from_h, tuple(function(one + other) for one, other in zip(from_x, from_h, strict=True)))


def relu(number: float) -> float:
    """max(0, x)."""
    return max(0.0, number)


def gru_cell(x: Sequence[float], h: Sequence[float], weights: Weights, *, reset_after: bool = True) -> GRUStep:
    """h' = (1 − z) ⊙ n + z ⊙ h: x (d,), h (m,) to h (m,).

    `reset_after` says what the reset gate r is multiplied with in the candidate n: the
    state's product with its weights and bias, as in PyTorch and by default in Keras; or
    the state itself before that product, as in Keras with `reset_after=False`.
    """
    m = len(h)
    from_x = affine(weights.weight_ih, x, weights.bias_ih)
    gates = affine(weights.weight_hh[: 2 * m], h, weights.bias_hh[: 2 * m])
    r = tuple(sigmoid(from_x[unit] + gates[unit]) for unit in range(m))
    z = tuple(sigmoid(from_x[unit] + gates[unit]) for unit in range(m, 2 * m))
    seen = h if reset_after else times(r, h)
    candidate = affine(weights.weight_hh[2 * m :], seen, weights.bias_hh[2 * m :])
    added = times(r, candidate) if reset_after else candidate
    n = tuple(tanh(one + other) for one, other in zip(from_x[2 * m :], added, strict=True))
    new = tuple((1 - gate) * fresh + gate * old for gate, fresh, old in zip(z, n, h, strict=True))
    return GRUStep(from_x, gates + candidate, r, z, n, new)


def lstm_cell(x: Sequence[float], h: Sequence[float], c: Sequence[float], weights: Weights) -> LSTMStep:
    """c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh c': x (d,), h (m,), c (m,) to h (m,), c (m,); h (p,) with `weight_hr`."""
    m = len(c)
    from_x = affine(weights.weight_ih, x, weights.bias_ih)
    from_h = affine(weights.weight_hh, h, weights.bias_hh)
    total = [one + other for one, other in zip(from_x, from_h, strict=True)]
    i, f, o = (tuple(sigmoid(number) for number in total[at * m : (at + 1) * m]) for at in (0, 1, 3))
    g = tuple(tanh(number) for number in total[2 * m : 3 * m])
    new = tuple(one + other for one, other in zip(times(f, c), times(i, g), strict=True))
    shown = times(o, tuple(tanh(number) for number in new))
    return LSTMStep(from_x, from_h, i, f, g, o, new, affine(weights.weight_hr, shown) if weights.weight_hr else shown)


def times(one: Sequence[float], other: Sequence[float]) -> Vector:
    """The product place by place, ⊙."""
    return tuple(x * y for x, y in zip(one, other, strict=True))


def from_keras(kind: str, kernel: Rows, recurrent_kernel: Rows, bias: Rows | Sequence[float] = ()) -> Weights:
    """Keras's weights as PyTorch's: transposed, in a GRU z, r, n as r, z, n.

    `kernel` (d, G·m), `recurrent_kernel` (m, G·m), `bias` (G·m,), or (2, G·m) for the two
    of a GRU with `reset_after=True`.
    """
    biases: list[Any] = list(bias) if bias and isinstance(bias[0], Sequence) else [bias]
    tensors = [transposed(kernel), transposed(recurrent_kernel), *biases]
    return Weights(*(_swapped(each) if kind == "GRU" else tuple(each) for each in tensors))


def _swapped(rows: Sequence[Any]) -> tuple[Any, ...]:
    m = len(rows) // 3
    return (*rows[m : 2 * m], *rows[:m], *rows[2 * m :])
