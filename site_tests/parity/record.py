"""Record the frameworks' answers, so that the unit tests can hold `calc` against them without a framework.

    python -m site_tests.parity.record

writes `site_tests/recorded/torch.jsonl` and `keras.jsonl`: a header with the framework's
version and the seed, then a line for each configuration.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from calc import keras, layers
from calc.registry import Registry
from site_tests.parity.agreement import Answer
from site_tests.parity.configs import Case, cases

FOLDER = Path(__file__).parents[1] / "recorded"
SEED = 7
RECORDED: dict[str, tuple[Registry, int]] = {"torch": (layers.LAYERS, 100), "keras": (keras.LAYERS, 30)}
"""Each framework's layers, and how many configurations of each are recorded."""


def file_of(framework: str) -> Path:
    """Where a framework's answers are."""
    return FOLDER / f"{framework}.jsonl"


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
        "fixed": None if answer.trainable is None else [at for at, each in enumerate(answer.trainable) if not each],
        "inference": not case.training,
    }
    empty = (None, "", {}, False)
    kept = {name: value for name, value in row.items() if value not in empty or name == "arguments"}
    for name in ("buffers", "fixed"):
        if not kept.get(name):
            kept.pop(name, None)
    return json.dumps(kept, separators=(",", ":"))


@cache
def read(framework: str) -> tuple[dict[str, Any], list[tuple[Case, Answer]]]:
    """The header, and every configuration with its answer."""
    header, *lines = file_of(framework).read_text(encoding="utf-8").splitlines()
    pairs = []
    for row in map(json.loads, lines):
        known = {name: _tuples(value) for name, value in row.items()}
        training = not known.get("inference", False)
        case = Case(known["layer"], known["arguments"], known["input"], known.get("call", {}), training)
        answer = (known.get("refused", ""), known.get("weights"), known.get("outputs"), known.get("macs"))
        fixed = known.get("fixed", ())
        trainable = tuple(at not in fixed for at in range(len(answer[1] or ()))) if framework == "keras" else None
        pairs.append((case, Answer(*answer, known.get("buffers"), None if answer[0] else trainable)))
    return json.loads(header), pairs


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def main() -> None:
    """Ask the installed frameworks and write the files."""
    from site_tests.parity import real_keras, real_torch

    asked = {
        "torch": (real_torch.torch.__version__.partition("+")[0], real_torch.torch_answer),
        "keras": (real_keras.keras.__version__, real_keras.keras_answer),
    }
    FOLDER.mkdir(exist_ok=True)
    for framework, (known, count) in RECORDED.items():
        version, ask = asked[framework]
        header = {framework: version, "seed": SEED, "each": count}
        lines = (line(case, ask(case)) for layer in known for case in cases(layer, count, SEED))
        file_of(framework).write_text("\n".join([json.dumps(header), *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
