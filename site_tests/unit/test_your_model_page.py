"""What the page to paste a model into says of itself: messages, limits, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from calc.errors import CalcError
from calc.model_catalogue import models
from calc.tracing import trace

DOCS = Path(__file__).parents[2] / "docs" / "en"
PAGE = (DOCS / "your-model.md").read_text(encoding="utf-8")
SHOWN = re.search(r"^```py\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)

SCRIPT = """import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

data = torchvision.datasets.MNIST("data", download=True)
loader = DataLoader(data, batch_size=64)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
    def forward(self, x):
        return self.fc(x.view(-1, 784))

model = Net().to("cuda" if torch.cuda.is_available() else "cpu")
opt = torch.optim.Adam(model.parameters())
for epoch in range(3):
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        opt.zero_grad(); loss.backward(); opt.step()
"""

BRANCH = """import torch
from torch import nn

class Net(nn.Module):

    def forward(self, x):
        if x.sum() > 0:
            return x
        return -x
"""

UNUSED = """from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.b = nn.Linear(3, 4)
    def forward(self, x):
        return self.a(x)
"""


def broken() -> str:
    """The code that the page shows."""
    assert SHOWN
    return SHOWN[1]


def noted(source: str, *inputs: object) -> str:
    """The sentences beside a report."""
    return " ".join(trace(source, *inputs).notes)


def refused(source: str, *inputs: object) -> str:
    """What is said of a source that cannot run."""
    with pytest.raises(CalcError) as caught:
        trace(source, *inputs)
    return str(caught.value)


SAID = [
    # A sentence as the page quotes it, and where it comes from.
    ("Lines 6 to 7 and 18 to 21 are left out: torchvision is not at hand here.", lambda: noted(SCRIPT)),
    ("Input tried: 1, 1, 28, 28; the source does not say.", lambda: noted(SCRIPT)),
    (
        "Linear: input (=(1, 4096)) must end in in_features (=16384), and its last axis is 4096 (line 14, in head); "
        "set in_features=4096 in line 10.",
        lambda: refused(broken(), (1, 3, 32, 32)),
    ),
    ("Made and not used in this run: b (line 6), with 16 parameters.", lambda: noted(UNUSED, (1, 3))),
    (
        "a branch on a tensor needs the numbers of a tensor of shape (), and only its shape is known here (line 7)",
        lambda: refused(BRANCH, (2, 3)),
    ),
    (
        "torch.svd_lowrank is not known to this calculator yet (line 13).",
        lambda: refused(broken().replace("torch.relu", "torch.svd_lowrank"), (1, 3, 32, 32)),
    ),
    (
        "timm.create_model is not at hand here (line 2).",
        lambda: refused("import timm\nmodel = timm.create_model('resnet18')", (1, 3, 224, 224)),
    ),
]


@pytest.mark.parametrize(("quoted", "said"), SAID, ids=[quoted for quoted, _ in SAID])
def test_a_message_is_quoted_as_it_is(quoted: str, said: Callable[[], str]) -> None:
    """To the letter."""
    assert quoted in PAGE
    assert quoted in said()


def test_the_broken_code_runs_once_it_is_mended() -> None:
    """As the message says."""
    report = trace(broken().replace("16 * 32 * 32", "4096"), (1, 3, 32, 32))

    assert report.output_shape == (1, 10)
    assert report.rows[-1].input_shapes == ((1, 16 * 16 * 16),)


def test_an_input_is_found_where_the_page_says() -> None:
    """In a call of the model, and in what is given to a summary."""
    net = (
        "from torch import nn\nimport torch\nfrom torchinfo import summary\nmodel = nn.Sequential(nn.Conv2d(3, 4, 3))\n"
    )

    assert trace(f"{net}model(torch.randn(2, 3, 64, 64))").inputs == ("2, 3, 64, 64",)
    assert trace(f"{net}summary(model, (1, 3, 224, 224))").inputs == ("1, 3, 224, 224",)


def test_limits_are_those_of_the_sandbox() -> None:
    """Seconds and memory."""
    sandbox = (DOCS / "assets" / "js" / "sandbox.js").read_text(encoding="utf-8")
    worker = (DOCS / "assets" / "js" / "sandbox-worker.js").read_text(encoding="utf-8")

    assert "const BUDGET = 10_000; // milliseconds" in sandbox
    assert "After 10 seconds without an answer" in PAGE
    assert "const MOST_MEMORY = 1024 ** 3 / PAGE; // 1 GiB" in worker
    assert "more than 1 GiB of memory" in PAGE


def test_what_keeps_the_code_in_is_there() -> None:
    """An origin of its own, a policy without connections, code in the fragment of a link."""
    frame = (DOCS / "assets" / "sandbox" / "frame.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', frame)

    assert policy
    assert policy[1].startswith("default-src 'none';")
    assert "connect-src" not in policy[1]
    # Without its guard the frame would run what it is handed with the site's own origin, wherever that is left to it.
    assert 'if (origin === "null") addEventListener("message", starts)' in frame
    assert "location.hash" in (DOCS / "assets" / "js" / "packed.js").read_text(encoding="utf-8")


def test_it_says_how_many_networks_there_are() -> None:
    """By file and by name."""
    files = {model.file for model in models().values()}

    assert f"{len(files)} networks as code" in PAGE
    assert f"| {len(models())} | networks under [Models as code](index.md#models) |" in PAGE
