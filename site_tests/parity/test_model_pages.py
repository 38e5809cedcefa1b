"""What others count, asked of them: torchvision's own source run by PyTorch, Keras Applications, published models."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType

os.environ["KERAS_BACKEND"] = "torch"

import keras
import pytest
import torch

from calc.published_counts import PUBLISHED, Published
from site_tests.parity.test_truth import TRUTH
from site_tests.parity.torchvision_source import source
from site_tests.unit.test_model_pages import page

TORCHVISION = [each for found in PUBLISHED.values() for each in found if each.by.startswith("torchvision, ")]


def imported(model: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Torchvision's source of a model as a module with a file: some of it reads its own source."""
    path = folder / "model_of_torchvision.py"
    path.write_text(source(model), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)
    spec.loader.exec_module(module)
    return module


def count(module: ModuleType, model: str, **arguments: bool) -> int:
    """The parameters of the model that PyTorch makes."""
    with torch.device("meta"):
        return sum(each.numel() for each in getattr(module, model)(**arguments).parameters())


@pytest.mark.parametrize("each", TORCHVISION, ids=lambda each: each.by)
def test_torchvision_has_what_is_published_of_it(
    each: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GoogLeNet without its auxiliary classifiers, as its table says; with them unless told otherwise."""
    model = each.by.partition(", ")[2]
    module = imported(model, tmp_path, monkeypatch)

    if model == "googlenet":
        assert count(module, model, init_weights=False) == 13_004_888
        assert count(module, model, init_weights=False, aux_logits=False) == each.count
    else:
        assert count(module, model) == each.count
    assert f"/torchvision.models.{model}.html" in each.url


def test_keras_counts_what_batch_norm_keeps() -> None:
    """DenseNet-121, and EfficientNet-B0 with the seven numbers of a layer that normalizes the image."""
    densenet = keras.applications.DenseNet121(weights=None)
    efficientnet = keras.applications.EfficientNetB0(weights=None)
    normalizing = [layer for layer in efficientnet.layers if type(layer).__name__ == "Normalization"]

    assert densenet.count_params() == 8_062_504
    assert efficientnet.count_params() == 5_330_571
    assert [layer.count_params() for layer in normalizing] == [7]
    assert "5,330,571 in Keras" in page("efficientnet_b0")


PUBLIC = [
    # (a model as the truth names it, its parameters, the page that says so)
    ("BertForPreTraining:bert-base-uncased", 110_106_428, "bert_base"),
    ("GPT2LMHeadModel:gpt2", 124_439_808, "gpt2"),
    ("torchvision.googlenet", 13_004_888, "googlenet"),
]


@pytest.mark.parametrize(("model", "params", "where"), PUBLIC)
def test_a_public_model_has_the_count_that_a_page_gives(model: str, params: int, where: str) -> None:
    """As PyTorch said of it, with the arguments that it has by default."""
    rows = [json.loads(line) for line in (TRUTH / "models.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [row["params"] for row in rows if row["model"] == model]

    assert found[0] == params
    assert f"{params:,}" in page(where)
