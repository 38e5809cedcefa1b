"""Which variable holds which tensor in the Keras source of a network.

A tensor that only the next row reads goes on in the same variable. One that is read
later, or twice, keeps a variable of its own until then, with a name from its row.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from os.path import commonprefix

from calc.network import Row


def variables(rows: Sequence[Row], target: str, label: str, taken: Collection[str]) -> list[str]:
    """The variable of each row's output; the last one's is `target`.

    `taken` are variables that must stay as they are, `label` tells equal names of several networks apart.
    """
    chains = _chains(rows)
    final = chains[-1].start
    read_last: dict[str, int] = {}
    """For each variable the row that reads it last."""
    found: list[str] = []
    for chain in chains:
        end = rows[chain[-1]]
        until = max(_readers(rows, end.name), default=len(rows))
        # What the first row reads may be overwritten by its output, but not by a network's tensors on the way.
        busy = {name for name, last in read_last.items() if last + bool(rows[chain.start].inner) > chain.start}
        names = [rows[at].name for at in chain]
        room = final + (not rows[final].inner) > until
        if chain.start == final or (room and target not in busy and not end.inner and not commonprefix(names)):
            name = target
        else:
            name = end.name if end.inner else commonprefix(names).rstrip("_") or end.name
            if not name.isidentifier() or name in busy.union(taken):
                name = f"{label}_{name}"
        read_last[name] = until
        found += [name] * len(chain)
    return found


def _chains(rows: Sequence[Row]) -> list[range]:
    """The rows from one tensor that is kept to the next."""
    kept = [at for at in range(len(rows) - 1) if not _goes_on(rows, at)] + [len(rows) - 1]
    return [range(start, end + 1) for start, end in zip([0, *(end + 1 for end in kept)], kept, strict=False)]


def _goes_on(rows: Sequence[Row], at: int) -> bool:
    """Whether only the next row reads this one's output, once, and joins it with no other row's."""
    name, reader = rows[at].name, rows[at + 1]
    alone = not {row.name for row in rows}.intersection(reader.sources) - {name}
    return alone and _readers(rows, name) == [at + 1] and _reads_once(reader, name)


def _readers(rows: Sequence[Row], source: str) -> list[int]:
    return [at for at, row in enumerate(rows) if source in row.sources]


def _reads_once(row: Row, source: str) -> bool:
    """Whether a row has no need of its input once it has written something."""
    ports = row.layer.required_inputs() if row.inner else ()
    read = [port.name for port, each in zip(ports, row.sources, strict=False) if each == source]
    return all(_readers(row.inner, port) == [0] and _reads_once(row.inner[0], port) for port in read)
