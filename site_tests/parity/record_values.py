"""Record PyTorch's values, so that the unit tests can hold `calc` against them without PyTorch.

    python -m site_tests.parity.record_values

writes `site_tests/recorded/values.jsonl`: a header with the version, then a line for each
case and seed. The inputs are not written down: they follow from the seed.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from site_tests.values import cases, plain

FILE = Path(__file__).parents[1] / "recorded" / "values.jsonl"
EACH = 12


def read() -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The header, and each case's answers by seed."""
    header, *lines = FILE.read_text(encoding="utf-8").splitlines()
    return json.loads(header), {row["case"]: row["answers"] for row in map(json.loads, lines)}


def main() -> None:
    """Ask the installed PyTorch and write the file."""
    import torch

    lines = [json.dumps({"torch": torch.__version__.partition("+")[0], "each": EACH})]
    for name, case in cases().items():
        answers = [_rounded(plain(case.theirs(**case.draw(Random(seed))))) for seed in range(EACH)]
        lines.append(json.dumps({"case": name, "answers": answers}, separators=(",", ":")))
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _rounded(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: _rounded(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [_rounded(each) for each in answer]
    return round(answer, 9) if isinstance(answer, float) else answer


if __name__ == "__main__":
    main()
