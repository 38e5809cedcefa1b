"""Record PyTorch's answers, so that the unit tests can hold `calc` against them without PyTorch.

    python -m site_tests.parity.record

writes `site_tests/recorded/torch.jsonl`: a header with PyTorch's version and the seed,
then a line for each configuration.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from calc.layers import LAYERS
from site_tests.parity.agreement import Answer
from site_tests.parity.configs import Case, cases

FILE = Path(__file__).parents[1] / "recorded" / "torch.jsonl"
COUNT, SEED = 100, 7


def line(case: Case, answer: Answer) -> str:
    """One answer, compact: what is empty or unknown is left out."""
    row: dict[str, Any] = {
        "layer": case.layer,
        "arguments": case.arguments,
        "input": case.input,
        "call": case.call,
        "refused": answer.refused,
        "weights": answer.weights,
        "outputs": answer.outputs,
        "macs": answer.macs,
        "buffers": answer.buffers,
        "inference": not case.training,
    }
    empty = (None, "", {}, False)
    kept = {name: value for name, value in row.items() if value not in empty or name == "arguments"}
    if not answer.buffers:
        kept.pop("buffers", None)
    return json.dumps(kept, separators=(",", ":"))


@cache
def read() -> tuple[dict[str, Any], list[tuple[Case, Answer]]]:
    """The header, and every configuration with its answer."""
    header, *lines = FILE.read_text(encoding="utf-8").splitlines()
    pairs = []
    for row in map(json.loads, lines):
        known = {name: _tuples(value) for name, value in row.items()}
        training = not known.get("inference", False)
        case = Case(known["layer"], known["arguments"], known["input"], known.get("call", {}), training)
        answer = (known.get("refused", ""), known.get("weights"), known.get("outputs"), known.get("macs"))
        pairs.append((case, Answer(*answer, known.get("buffers"))))
    return json.loads(header), pairs


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def main() -> None:
    """Ask the installed PyTorch and write the file."""
    import torch

    from site_tests.parity.real_torch import torch_answer

    header = {"torch": torch.__version__.partition("+")[0], "seed": SEED, "each": COUNT}
    recorded = (line(case, torch_answer(case)) for layer in LAYERS for case in cases(layer, COUNT, SEED))
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text("\n".join([json.dumps(header), *recorded]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
