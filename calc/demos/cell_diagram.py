"""What a recurrent cell is wired like: gates, products, sums, and the states that pass through.

Each part is called by its step: "gate-f" with the wire that leads to it, "new-c" for the
sum that makes the new state, "box-h" for a state that is read or made.
"""

from __future__ import annotations

from calc.markup import plain
from calc.picture import svg

WIDE, HIGH, ROUND = 86, 38, 12

STATE = 38
"""Width of the box of an input or a state."""


def wire(*points: tuple[float, float], tip: bool = True) -> str:
    """A way along corners; with a tip where it ends."""
    path = " L ".join(f"{x:g} {y:g}" for x, y in points)
    drawn = f'<path class="wire" d="M {path}"></path>'
    if not tip:
        return drawn
    (x0, y0), (x, y) = points[-2:]
    right, down = (x > x0) - (x < x0), (y > y0) - (y < y0)
    ends = [(x, y), *((x - 7 * right + side * down, y - 7 * down + side * right) for side in (-4, 4))]
    return f'{drawn}<polygon class="tip" points="{" ".join(f"{a:g},{b:g}" for a, b in ends)}"></polygon>'


def box(x: float, y: float, *lines: str, width: float = WIDE, kind: str = "data") -> str:
    """A rectangle around (x, y) with a line or two of text."""
    tall = HIGH if len(lines) > 1 else 30
    first = y + 4.5 - 8 * (len(lines) - 1)
    words = "".join(f'<text x="{x:g}" y="{first + 16 * at:g}">{plain(text)}</text>' for at, text in enumerate(lines))
    return (
        f'<rect class="cell {kind}" x="{x - width / 2:g}" y="{y - tall / 2:g}" width="{width:g}" height="{tall}" '
        f'rx="5"></rect>{words}'
    )


def state(x: float, y: float, text: str) -> str:
    """An input or a state."""
    return box(x, y, text, width=STATE, kind="state")


def sign(x: float, y: float, text: str) -> str:
    """An operation on two lists of numbers, number by number."""
    return (
        f'<circle class="cell data" cx="{x:g}" cy="{y:g}" r="{ROUND}"></circle>'
        f'<text x="{x:g}" y="{y + 4.5:g}">{plain(text)}</text>'
    )


def part(name: str, *drawn: str) -> str:
    """What lights up together."""
    return f'<g data-cell="{name}">{"".join(drawn)}</g>'


def rnn_diagram(function: str) -> str:
    """Two products, a sum, a function."""
    body = part(
        "from-x",
        wire((59, 108), (96, 108)),
        box(146, 108, "W_ih x + b_ih", width=100),
        wire((196, 108), (248, 108), (248, 54)),
    )
    body += part(
        "from-h", wire((59, 40), (96, 40)), box(146, 40, "W_hh h + b_hh", width=100), wire((196, 40), (236, 40))
    )
    body += part(
        "gate-new",
        sign(248, 40, "+"),
        wire((260, 40), (292, 40)),
        box(328, 40, function, width=72),
        wire((364, 40), (396, 40)),
    )
    body += (
        part("box-h", state(40, 40, "h")) + part("box-x", state(40, 108, "x")) + part("box-new", state(415, 40, "h′"))
    )
    label = (
        f"The input x and the state h are each multiplied with a matrix, added up, and {function} makes the new state."
    )
    return svg(440, 130, label, body)


def lstm_diagram() -> str:
    """The state c runs along the top; the gates are computed from x and h below."""
    f, i, g, o, bus, top = 140, 240, 340, 440, 216, 40
    middle, turn, last = (i + g) / 2, 102, 526
    body = part("bus", wire((59, bus), (o, bus), tip=False), wire((59, 262), (86, 262), (86, bus), tip=False))
    for x, name, words in (
        (f, "f", ("forget", "f = σ(…)")),
        (i, "i", ("input", "i = σ(…)")),
        (g, "g", ("candidate", "g = tanh(…)")),
        (o, "o", ("output", "o = σ(…)")),
    ):
        goal = {
            "f": ((x, top + ROUND),),
            "i": ((x, turn), (middle - ROUND, turn)),
            "g": ((x, turn), (middle + ROUND, turn)),
        }
        way = goal.get(name, ((x, turn), (last - ROUND, turn)))
        body += part(f"gate-{name}", wire((x, bus), (x, 181)), wire((x, 143), *way), box(x, 162, *words))
    body += part(
        "new-c",
        wire((59, top), (f - ROUND, top)),
        sign(f, top, "×"),
        wire((f + ROUND, top), (middle - ROUND, top)),
        sign(middle, turn, "×"),
        wire((middle, turn - ROUND), (middle, top + ROUND)),
        sign(middle, top, "+"),
        wire((middle + ROUND, top), (592, top)),
    )
    body += part(
        "new-h",
        wire((last, top), (last, 57), tip=False),
        box(last, 68, "tanh", width=44),
        wire((last, 83), (last, turn - ROUND)),
        sign(last, turn, "×"),
        wire((last + ROUND, turn), (592, turn)),
    )
    ends = (
        ("box-c", 40, top, "c"),
        ("box-h", 40, bus, "h"),
        ("box-x", 40, 262, "x"),
        ("box-newc", 611, top, "c′"),
        ("box-new", 611, turn, "h′"),
    )
    body += "".join(part(name, state(x, y, text)) for name, x, y, text in ends)
    label = (
        "LSTM cell: the forget gate multiplies the state c, the input gate the candidate; their sum is the new c. "
        "Its tanh times the output gate is the new h. All four are computed from x and h."
    )
    return svg(634, 282, label, body)


def gru_diagram(*, reset_after: bool) -> str:
    """The state h runs along the top; the update gate divides between it and the candidate."""
    z, r, own, n, bus, top, turn = 130, 232, 334, 446, 216, 40, 112
    last, plus = 534, 580
    body = part(
        "bus",
        wire((40, top + 15), (40, bus), tip=False),
        wire((40, bus), (n, bus), tip=False),
        wire((59, 262), (86, 262), (86, bus), tip=False),
    )
    body += part(
        "gate-z",
        wire((z, bus), (z, 181)),
        wire((z, 143), (z, top + ROUND)),
        wire((z, 74), (last - 61, 74)),
        wire((last - 31, 74), (last, 74), (last, turn - ROUND)),
        box(z, 162, "update", "z = σ(…)"),
        box(last - 46, 74, "1 −", width=30),
    )
    into = (
        wire((r, 143), (r, turn), (own - ROUND, turn)) if reset_after else wire((r + WIDE / 2, 162), (own - ROUND, 162))
    )
    body += part("gate-r", wire((r, bus), (r, 181)), into, box(r, 162, "reset", "r = σ(…)"))
    product = ("W_hn h", "+ b_hn") if reset_after else ("W_hn (r⊙h)", "+ b_hn")
    first, second = (box(own, 162, *product), sign(own, turn, "×"))
    if not reset_after:
        first, second = sign(own, 162, "×"), box(own, turn, *product)
    low, high = (19, ROUND) if reset_after else (ROUND, 19)
    body += part(
        "gate-n",
        wire((own, bus), (own, 162 + low)),
        first,
        wire((own, 162 - low), (own, turn + high)),
        second,
        wire((own + (ROUND if reset_after else WIDE / 2), turn), (n - WIDE / 2, turn)),
        wire((n, bus), (n, turn + 19)),
        box(n, turn, "candidate", "n = tanh(…)"),
    )
    body += part(
        "new-h",
        wire((59, top), (z - ROUND, top)),
        sign(z, top, "×"),
        wire((z + ROUND, top), (plus - ROUND, top)),
        wire((n + WIDE / 2, turn), (last - ROUND, turn)),
        sign(last, turn, "×"),
        wire((last + ROUND, turn), (plus, turn), (plus, top + ROUND)),
        sign(plus, top, "+"),
        wire((plus + ROUND, top), (622, top)),
    )
    ends = (("box-h", 40, top, "h"), ("box-x", 40, 262, "x"), ("box-new", 641, top, "h′"))
    body += "".join(part(name, state(x, y, text)) for name, x, y, text in ends)
    when = "after its product with the weights" if reset_after else "before its product with the weights"
    label = (
        "GRU cell: the update gate z keeps its share of the state h and takes the rest, 1 − z, of the candidate n. "
        f"The candidate sees the state through the reset gate r, {when}."
    )
    return svg(664, 282, label, body)
