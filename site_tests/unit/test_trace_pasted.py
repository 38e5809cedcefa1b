"""Source as it is pasted: what Markdown, notebooks and terminals add, and what is not at hand."""

from __future__ import annotations

import ast

import pytest

from calc.tracing import TraceError, trace
from calc.tracing.pasted_text import ready

PLAIN = "from torch import nn\nmodel = nn.Sequential(\n    nn.Linear(3, 5),\n    nn.ReLU(),\n)\n"

FORMS = {
    "as it is": PLAIN,
    "Windows line ends": PLAIN.replace("\n", "\r\n"),
    "an indent": "".join(f"    {line}\n" for line in PLAIN.splitlines()),
    "fences": f"Here is my network:\n\n```python\n{PLAIN}```\nIt's small.\n",
    "an indented fence": "".join(f"   {line}\n" for line in f"```\n{PLAIN}```".splitlines()),
    "prompts": (
        ">>> from torch import nn\n>>> model = nn.Sequential(\n...     nn.Linear(3, 5),\n...     nn.ReLU(),\n... )\n"
        ">>> print(model)\nSequential(\n  (0): Linear\n)\n"
    ),
    "a notebook": f"%matplotlib inline\n!pip install torch\n%%time\n{PLAIN}",
    "magic in a block": f"if True:\n    !nvidia-smi\n{PLAIN}",
    "non-breaking spaces": PLAIN.replace("    ", "\u00a0\u00a0\u00a0 "),
    "a byte order mark": "\ufeff" + PLAIN,
    "tabs and spaces mixed": "from torch import nn\nif True:\n\tmodel = nn.Sequential(nn.Linear(3, 5))\n        # x\n",
    "curly quotation marks": PLAIN + "name = \u201cmine\u201d\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_added_is_taken_off(form: str) -> None:
    """One network in every form."""
    assert trace(FORMS[form], (2, 3)).params == 20


def test_lines_keep_their_numbers() -> None:
    """An error names the line of what was pasted."""
    broken = "Look:\n```\nfrom torch import nn\nmodel = nn.Linear(3, 5.5)\n```\n"

    with pytest.raises(TraceError) as caught:
        trace(broken, (2, 3))
    assert caught.value.line == 4
    for text in FORMS.values():
        assert len(ready(text).splitlines()) == len(text.splitlines())


def test_python_is_left_alone() -> None:
    """What looks like a prompt or a fence within a text stays."""
    source = 'text = """\n>>> 1\n```\n%time\n"""\nmodel = 5 \\\n    %2\n'

    assert ast.dump(ast.parse(ready(source))) == ast.dump(ast.parse(source))


def test_what_is_not_python_says_where() -> None:
    """The first line that cannot be read."""
    with pytest.raises(TraceError) as caught:
        trace("from torch import nn\nmodel = nn.Linear(3 5)\n", (2, 3))

    assert str(caught.value) == (
        "the source is not valid Python: invalid syntax. Perhaps you forgot a comma? (line 2)."
    )


SCRIPT = """import os
import argparse
import numpy as np
import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms
from tqdm import tqdm

os.environ["CUDA_VISIBLE_DEVICES"] = "0"
parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=int(np.sqrt(64) * 4))
parser.add_argument("--epochs", type=int, default=3)
args = parser.parse_args()
np.random.seed(0)
torch.manual_seed(0)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

class Pictures(Dataset):
    def __init__(self, root: np.ndarray):
        self.files = os.listdir(root)
    def __getitem__(self, at):
        return self.files[at]

transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
train_set = datasets.MNIST("./data", train=True, download=True, transform=transform)
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)

class Net(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, hidden), nn.ReLU(), nn.Linear(hidden, 10))
    def forward(self, x):
        return self.body(x)

model = Net(args.hidden).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=1e-3)
scheduler = optim.lr_scheduler.StepLR(optimizer, 10)
losses = []

def train(epoch):
    model.train()
    for data, target in tqdm(train_loader):
        optimizer.zero_grad()
        loss = criterion(model(data.to(device)), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

for epoch in range(args.epochs):
    train(epoch)
    scheduler.step()
plt.plot(losses)
plt.show()
torch.save(model.state_dict(), "net.pt")
"""


def test_a_whole_training_script() -> None:
    """Data, plots and training are left out; the model and its numbers are there."""
    report = trace(SCRIPT)

    assert report.params == 784 * 32 + 32 + 32 * 10 + 10
    assert report.inputs == ("1, 1, 28, 28",)
    assert report.notes == (
        "Input tried: 1, 1, 28, 28; the source does not say.",
        "Lines 12, 27 to 29 and 53 to 57 are left out: os, torchvision, tqdm and matplotlib are not at hand here.",
    )


LOST = [
    # (source, sentence): nothing that a line left out could have changed is counted on
    (
        "import numpy as np\nfrom torch import nn\nn = np.load('n.npy')\nmodel = nn.Linear(3, n)\n",
        "n is not known here, since line 3 is left out: numpy is not at hand here (line 4).",
    ),
    (
        "import torchvision\nfrom torch import nn\nn = 10\nif torchvision.has(): n = 20\nmodel = nn.Linear(3, n)\n",
        "n is not known here, since line 4 is left out: torchvision is not at hand here (line 5).",
    ),
    (
        "import data\nfrom torch import nn\nsizes = [3]\nfor each in data.sizes: sizes.append(each)\n"
        "model = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])\n",
        "sizes is not known here, since line 4 is left out: data is not at hand here (line 5).",
    ),
    (
        "import data\nfrom torch import nn\nsizes = {'n': 3}\nsame = sizes\nsame['n'] = data.size()\n"
        "model = nn.Linear(3, sizes['n'])\n",
        "sizes is not known here, since line 5 is left out: data is not at hand here (line 6).",
    ),
    (
        "import data\nfrom torch import nn\nn = 3\ndef read():\n    global n\n    n = data.size()\nread()\n"
        "model = nn.Linear(3, n)\n",
        "n is not known here, since line 7 is left out: data is not at hand here (line 8).",
    ),
    (
        "import data\nfrom torch import nn\nmodel = nn.Linear(3, 5)\nmodel.head = nn.Linear(5, data.classes())\n",
        "model may be changed in line 4, and that cannot be run here: data is not at hand here (line 4); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nmodel = nn.Sequential(nn.Linear(3, 5))\n"
        "model.add_module('b', nn.Linear(5, data.classes()))\n",
        "model may be changed in line 4, and that cannot be run here: data is not at hand here (line 4); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nmodel = nn.Sequential(nn.Linear(3, 5))\ndef cut(net):\n    data.load()\n"
        "    part = net[0]\n    part.bias = None\ncut(model)\n",
        "model may be changed in line 7, and that cannot be run here: data is not at hand here (line 7); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nmodel = nn.Sequential(nn.Linear(3, 5))\ndata.load()\n"
        "if data.big():\n    for p in model.parameters():\n        p.requires_grad = False\n",
        "model may be changed in line 7, and that cannot be run here: data is not at hand here (line 7); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import peft\nfrom torch import nn\nmodel = nn.Sequential(nn.Linear(3, 5))\npeft.inject_adapters(model)\n",
        "model may be changed in line 4, and that cannot be run here: peft is not at hand here (line 4); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.f = nn.Linear(3, 5)\n    def grow(self):\n        data.log()\n        self.g = nn.Linear(5, 5)\n"
        "model = Net()\nmodel.grow()\n",
        "model may be changed in line 11, and that cannot be run here: data is not at hand here (line 11); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nmodel = nn.Sequential(nn.Linear(3, 5))\n"
        "setattr(model, 'x', nn.Linear(5, data.n()))\n",
        "model may be changed in line 4, and that cannot be run here: data is not at hand here (line 4); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nnets = {'a': nn.Sequential(nn.Linear(3, 5))}\nmodel = nets['a']\n"
        "nets['a'].append(nn.Linear(5, data.n()))\n",
        "model may be changed in line 5, and that cannot be run here: data is not at hand here (line 5); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nclass Trainer:\n    def __init__(self, model):\n"
        "        self.model = model\n"
        "    def run(self):\n        data.load()\n        self.model.head = nn.Linear(5, 2)\n"
        "model = nn.Sequential(nn.Linear(3, 5))\nTrainer(model)\nit = Trainer(model)\nit.run()\n",
        "model may be changed in line 8, and that cannot be run here: data is not at hand here (line 8); "
        "leave the line out, or write what it does without.",
    ),
    (
        "import data\nfrom torch import nn\nn = 5\ntry:\n    n = data.n()\nexcept Exception:\n    n = 6\n"
        "model = nn.Linear(3, n)\n",
        "n is not known here, since line 4 is left out: data is not at hand here (line 8).",
    ),
    (
        "import data\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n        try:\n"
        "            return data.wide(x)\n        except Exception:\n            return x\n",
        "data.wide is not at hand here (line 6).",
    ),
    (
        "import data\nfrom torch import nn\nn = 5\nglobals()['n'] = data.n()\nmodel = nn.Linear(3, n)\n",
        "n is not known here, since line 4 is left out: data is not at hand here (line 5).",
    ),
    (
        "import torchvision\nmodel = torchvision.models.resnet18()\n",
        "torchvision.models.resnet18 is not at hand here (line 2).",
    ),
    (
        "from blocks import Block\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.b = Block(3)\n    def forward(self, x):\n        return self.b(x)\n",
        "blocks.Block is not at hand here (line 6).",
    ),
    (
        "import numpy as np\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n"
        "        return x + np.zeros(3)\n",
        "numpy.zeros is not at hand here (line 5).",
    ),
    (
        "import pandas as pd\nclass Net(pd.Model):\n    pass\nmodel = Net()\n",
        "pandas.Model is not at hand here (line 2).",
    ),
    ("text = open('model.py').read()\n", "open is not at hand here (line 1)."),
]


@pytest.mark.parametrize(("source", "sentence"), LOST)
def test_no_number_rests_on_what_is_left_out(source: str, sentence: str) -> None:
    """What a line left out may have made or changed is refused by name."""
    with pytest.raises(TraceError) as caught:
        trace(source, (1, 3))

    assert str(caught.value) == sentence


HARMLESS = [
    "model.load_state_dict(torch.load('net.pt'))",
    "summary = data.table(model)",
    "model.to(data.device)",
    "for x, y in data.loader:\n    loss = model(x).sum()\n    loss.backward()",
    "with torch.no_grad():\n    data.plot(model(torch.zeros(1, 3)).numpy())",
    "data.figure().savefig('net.png')",
    "print(model(torch.zeros(1, 3)).max().item())",
    "optimizer = torch.optim.SGD(model.parameters(), lr=data.rate)\noptimizer.param_groups[0]['lr'] = data.rate()",
    "for p in model.parameters():\n    p.data.clamp_(-data.clip(), data.clip())",
    "def init(m):\n    if isinstance(m, nn.Linear):\n        m.weight.data.normal_(0, data.std())\nmodel.apply(init)",
    "class Trainer:\n    def __init__(self, model):\n        self.model, self.losses = model, []\n"
    "    def run(self):\n        for x in data.loader():\n            self.losses.append(self.model(x).item())\n"
    "trainer = Trainer(model)\ntrainer.run()",
    "raise SystemExit",
    "import sys\nsys.exit(0)",
    "undefined_name.run(model)",
    "import random\nrandom.seed(data.seed)",
    "input('Press a key')",
]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_leaves_the_model_alone_is_left_out(line: str) -> None:
    """Loading weights, training, printing and plotting need what is not here, and change no count."""
    source = f"import torch\nfrom torch import nn\nimport data\nmodel = nn.Linear(3, 5)\n{line}\n"

    assert trace(source, (1, 3)).params == 20


def test_an_import_that_is_met() -> None:
    """Where the source has a way round a package that is not there, it is taken."""
    source = (
        "from torch import nn\ntry:\n    from apex import FusedNorm as Norm\nexcept ImportError:\n"
        "    Norm = nn.LayerNorm\nmodel = Norm(3)\n"
    )

    assert trace(source, (1, 3)).params == 6


def test_layers_by_their_names() -> None:
    """Code that names its layers in text, as some networks do."""
    source = "import torch.nn as nn\nparts = [eval(each)(3, 3) for each in ['nn.Linear', 'nn.Bilinear'][:1]]\n"

    assert trace(source + "model = nn.Sequential(*parts)\n", (1, 3)).params == 12


def test_training_ends() -> None:
    """A loop that calls the model for ever is stopped; what it computes is not needed."""
    source = (
        "import torch\nfrom torch import nn\nmodel = nn.Linear(3, 5)\nx = torch.randn(8, 3)\n"
        "while True:\n    model(x)\n"
    )

    report = trace(source)
    assert report.inputs == ("8, 3",)
    assert report.notes[-1] == "Lines 5 to 6 are left out: a script may call models 300 times here."
