"""Whole sequences through recurrent cells, as `torch.nn.RNN`, `GRU`, `LSTM` and Keras's layers do it.

Every sequence of a batch starts from a state of zeros; a layer is one cell, applied at
each step with the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from calc.values.cells import Weights, gru_cell, lstm_cell, rnn_cell
from calc.values.matrix import Rows, Vector, mapped

State: TypeAlias = "tuple[Vector, ...]"
"""What is passed on: (h,), in an LSTM (h, c)."""

Step: TypeAlias = "Callable[[Sequence[float], State], State]"


def step_of(kind: str, weights: Weights, *, nonlinearity: str = "tanh", reset_after: bool = True) -> Step:
    """One step of a cell of this kind, "RNN", "GRU" or "LSTM": (x, state) to the next state."""

    def step(x: Sequence[float], state: State) -> State:
        if kind == "LSTM":
            h, c = state
            new = lstm_cell(x, h, c, weights)
            return new.h, new.c
        if kind == "GRU":
            return (gru_cell(x, state[0], weights, reset_after=reset_after).h,)
        return (rnn_cell(x, state[0], weights, nonlinearity).h,)

    return step


def zero_state(kind: str, weights: Weights) -> State:
    """The state before the first step: m zeros, in an LSTM twice."""
    shown = (0.0,) * len(weights.weight_hh[0])
    return (shown, (0.0,) * (len(weights.weight_hh) // 4)) if kind == "LSTM" else (shown,)


def unroll(step: Step, xs: Rows, state: State) -> tuple[State, ...]:
    """The state after each step, which is also what the next step reads: T inputs, T states.

    Examples:
        >>> unroll(lambda x, state: ((state[0][0] + x[0],),), [(1,), (2,), (3,)], ((0.0,),))
        (((1.0,),), ((3.0,),), ((6.0,),))
    """
    states = []
    for x in xs:
        state = step(x, state)
        states.append(state)
    return tuple(states)


def recurrent(
    kind: str,
    x: Sequence[Rows],
    weights: Mapping[str, Any],
    *,
    num_layers: int = 1,
    bidirectional: bool = False,
    batch_first: bool = False,
    nonlinearity: str = "tanh",
) -> dict[str, Any]:
    """`torch.nn.RNN`, `GRU` or `LSTM` on x (T, N, d), or (N, T, d) with `batch_first`.

    `weights` under the names of PyTorch's state_dict (`weight_ih_l0`, `bias_hh_l1_reverse`
    …). Returns output (T, N, directions · m), the axes in the order of x, and h_n
    (layers · directions, N, m), for an LSTM c_n as well.
    """
    batch = list(x) if batch_first else list(zip(*x, strict=True))
    last: list[list[State]] = []
    for layer in range(num_layers):
        outputs: list[list[Rows]] = []
        for suffix in ("", "_reverse")[: 2 if bidirectional else 1]:
            cell = _weights(weights, f"_l{layer}{suffix}")
            step, start = step_of(kind, cell, nonlinearity=nonlinearity), zero_state(kind, cell)
            states = [unroll(step, _turned(xs, suffix), start) for xs in batch]
            last.append([each[-1] for each in states])
            outputs.append([_turned([state[0] for state in each], suffix) for each in states])
        batch = [
            tuple(sum(parts, ()) for parts in zip(*directions, strict=True))
            for directions in zip(*outputs, strict=True)
        ]
    ends = {name: tuple(tuple(state[at] for state in each) for each in last) for at, name in _states(kind)}
    return {"output": tuple(batch) if batch_first else tuple(zip(*batch, strict=True)), **ends}


def _states(kind: str) -> list[tuple[int, str]]:
    return list(enumerate(("h_n", "c_n") if kind == "LSTM" else ("h_n",)))


def _weights(named: Mapping[str, Any], suffix: str) -> Weights:
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
    return Weights(*(named.get(name + suffix, ()) for name in names))


def _turned(rows: Rows, backward: str | bool) -> Rows:
    return rows[::-1] if backward else rows


def keras_layer(
    kind: str,
    x: Sequence[Rows],
    weights: Weights,
    *,
    return_sequences: bool = False,
    return_state: bool = False,
    go_backwards: bool = False,
    reset_after: bool = True,
) -> Any:
    """Keras's `SimpleRNN` (as "RNN"), `GRU` or `LSTM` on x (N, T, d), weights by `from_keras`.

    Returns the last h (N, m), or all of them (N, T, m) in the order in which they were
    made; with `return_state` a tuple of this and each last state.
    """
    step, start = step_of(kind, weights, reset_after=reset_after), zero_state(kind, weights)
    states = [unroll(step, _turned(xs, go_backwards), start) for xs in x]
    output: Any = tuple(tuple(state[0] for state in each) if return_sequences else each[-1][0] for each in states)
    if not return_state:
        return output
    return (output, *(tuple(each[-1][at] for each in states) for at in range(len(start))))


MERGES: Mapping[str, Callable[[float, float], float]] = {
    "sum": lambda one, other: one + other,
    "mul": lambda one, other: one * other,
    "ave": lambda one, other: (one + other) / 2,
}


def keras_bidirectional(
    kind: str, x: Sequence[Rows], forward: Weights, backward: Weights, merge_mode: str = "concat", **more: Any
) -> Any:
    """Keras's `Bidirectional` around a layer on x (N, T, d): both directions merged number by number.

    "concat" puts them side by side, "sum", "mul" and "ave" keep the size m. With
    `return_sequences` the backward half is turned around first, so that equal steps meet.
    """
    there = keras_layer(kind, x, forward, **more)
    back = keras_layer(kind, x, backward, go_backwards=True, **more)
    if not more.get("return_sequences"):
        return _merged(there, back, merge_mode)
    return tuple(_merged(one, other[::-1], merge_mode) for one, other in zip(there, back, strict=True))


def _merged(one: Rows, other: Rows, merge_mode: str) -> Rows:
    if merge_mode == "concat":
        return tuple((*row, *beside) for row, beside in zip(one, other, strict=True))
    return mapped(MERGES[merge_mode], one, other)
