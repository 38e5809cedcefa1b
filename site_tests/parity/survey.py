"""Compare every layer with its live framework and write down what came out.

    python -m site_tests.parity.survey [layer ...]

writes `docs/evidence.json`, which the pages show. Without names it takes the layers
whose code changed since their line was made.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from typing import Any

from calc import keras, layers
from calc.calculators import CALCULATORS
from site_build.evidence import FILE
from site_tests.evidence import digest
from site_tests.parity import code_survey, values_survey
from site_tests.parity.agreement import Answer, calc_answer, disagreement
from site_tests.parity.configs import Case, cases

SEED = 2
COUNTS = {"PyTorch": 2000, "Keras": 400}
"""Configurations for each layer. Keras builds each one twice, which takes its time."""


@dataclass
class Line:
    """What one layer's comparison found."""

    framework: str
    version: str
    seed: int
    agreed: int = 0
    refused: int = 0
    stricter: int = 0
    disagreed: int = 0
    source: str = ""
    code: bool = False
    """Whether the printed source was run, where the framework has no class to ask."""
    texts: list[str] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """The line as it is written down."""
        return {name: value for name, value in asdict(self).items() if name != "texts"}


def survey(layer: str) -> Line:
    """Draw the layer's configurations, ask both sides, and count."""
    if layer not in ours_and_theirs():
        framework, version, agreed, texts = code_survey.agreements(layer)
        source = digest(CALCULATORS[layer])
        return Line(framework, version, code_survey.SEED, agreed, 0, 0, len(texts), source, code=True, texts=texts)
    framework, version, ask = asked(layer)
    line = Line(framework, version, SEED, source=digest(CALCULATORS[layer]))
    found: Counter[str] = Counter()
    for case in cases(layer, COUNTS[framework], SEED):
        theirs = ask(case)
        text = disagreement(case, theirs)
        if text:
            line.texts.append(text)
        found[verdict(case, theirs, text)] += 1
    line.agreed, line.refused, line.stricter = found["agreed"], found["refused"], found["stricter"]
    line.disagreed = found["disagreed"]
    return line


def verdict(case: Case, theirs: Answer, text: str) -> str:
    """Whether both took a configuration, both refused it, or `calc` alone does on purpose."""
    if text:
        return "disagreed"
    if theirs.refused:
        return "refused"
    return "stricter" if calc_answer(case).refused else "agreed"


def asked(layer: str) -> tuple[str, str, Callable[[Case], Answer]]:
    """Who knows the truth about a layer: the framework, its version, and the way to ask."""
    if layer in keras.LAYERS:
        from site_tests.parity import real_keras

        return "Keras", real_keras.keras.__version__, real_keras.keras_answer
    from site_tests.parity import real_torch

    return "PyTorch", real_torch.torch.__version__.partition("+")[0], real_torch.torch_answer


def ours_and_theirs() -> list[str]:
    """Every layer that a live framework has, too."""
    return [*layers.LAYERS, *keras.LAYERS]


def surveyed() -> list[str]:
    """Everything that has a line: layers, and what is made of them."""
    return [*ours_and_theirs(), *code_survey.wired()]


def read() -> dict[str, dict[str, Any]]:
    """The lines of the layers as they are written down."""
    known: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["layers"] if FILE.exists() else {}
    return known


def main(named: list[str]) -> None:
    """Make the lines that are missing, older than their layer, or asked for."""
    known = read()
    stale = [each for each in surveyed() if known.get(each, {}).get("source") != digest(CALCULATORS[each])]
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for layer, line in zip(named or stale, pool.map(survey, named or stale), strict=True):
            known[layer] = line.row()
            print(layer, {name: known[layer][name] for name in ("agreed", "refused", "stricter", "disagreed")})
            for text in line.texts[:5]:
                print("   ", text)
    kept = {layer: known[layer] for layer in surveyed() if layer in known}
    FILE.write_text(json.dumps({"layers": kept, "demos": demo_lines()}, indent=1) + "\n", encoding="utf-8")


def demo_lines() -> dict[str, dict[str, Any]]:
    """The lines of the demos, all of them made again: they take seconds."""
    lines = {}
    for demo in values_survey.compared():
        lines[demo], texts = values_survey.survey(demo)
        if texts:
            print(demo, *texts[:5], sep="\n    ")
    return lines


if __name__ == "__main__":
    main(sys.argv[1:])
