"""How much stands behind the page to paste a model into, counted; and what torchinfo says, asked of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torchinfo

from calc.tracing import trace
from site_tests.bench.trace_against_torchinfo import SAID, Subject
from site_tests.parity import test_keras_models, test_torch_functions, test_torchvision, test_trace
from site_tests.unit.test_your_model_page import PAGE


def cases(test: Any) -> int:
    """How many cases a test is run on."""
    return sum(len(mark.args[1]) for mark in test.pytestmark if mark.name == "parametrize")


COMPARED = [
    ("torchvision's classification models and variants", test_torchvision.test_a_published_model),
    ("models in other styles", test_trace.test_a_model_that_runs),
    ("broken models", test_trace.test_a_model_with_a_bug),
    ("expressions with functions, methods and operators", test_torch_functions.test_both_say_the_same),
    ("Keras models", test_keras_models.test_the_summary_is_that_of_keras),
]


@pytest.mark.parametrize(("what", "test"), COMPARED, ids=[what for what, _ in COMPARED])
def test_the_page_says_how_many_were_compared(what: str, test: Any) -> None:
    """As many as the test has cases, or as many hundreds."""
    [(rounded, row)] = re.findall(rf"^\| (more than )?(\d+) \| {what}[^|]*\|$", PAGE, re.MULTILINE)

    assert int(row) == (cases(test) // 100 * 100 if rounded else cases(test))


ROWS = {
    # The model of the benchmark, and how the page's row begins.
    "ResNet-152": "| [ResNet-152](models/resnet.md), 224 × 224 | MACs |",
    "ViT-B/16": "| [ViT-B/16](models/vit-b16.md), 224 × 224 | MACs |",
    "GPT-2": "| [GPT-2](models/gpt2.md), 1,024 tokens | MACs |",
    "MultiheadAttention, 512 wide": "| attention, 128 tokens | MACs |",
    "ConvTranspose2d 64 to 32": "| transposed, 28 × 28 | MACs |",
}


@pytest.mark.parametrize("subject", [each for each in SAID if each.name in ROWS], ids=lambda each: each.name)
def test_the_page_says_what_torchinfo_says(subject: Subject) -> None:
    """Beside PyTorch's own counter and ours."""
    ours, theirs = trace(subject.source, *subject.inputs, entry=subject.entry), subject.summed_up(subject.built())
    macs = (subject.counted(), ours.macs, theirs.total_mult_adds)

    assert f"{ROWS[subject.name]} {' | '.join(f'{each:,}' for each in macs)} |" in PAGE
    if subject.name == "GPT-2":
        params = (sum(each.numel() for each in subject.built().parameters()), ours.params, theirs.total_params)
        assert f"| GPT-2 | parameters | {' | '.join(f'{each:,}' for each in params)} |" in PAGE


def test_it_is_the_version_that_the_page_names() -> None:
    """Another one may count otherwise."""
    assert f"torchinfo {torchinfo.__version__} says" in PAGE
