"""Models whose tensors take ways that are easily lost: each a source that defines `Net`, and its inputs."""

from __future__ import annotations

HEAD = """
import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
        {made}

    def forward(self, {given}):
        {body}
"""


def _net(body: str, made: str = "pass", given: str = "x") -> str:
    lines = "\n        ".join(body.strip().splitlines())
    return HEAD.format(body=lines, made="\n        ".join(made.strip().splitlines()), given=given)


X: tuple[str, ...] = ("2, 4, 8",)
XY = ("2, 4, 8", "2, 4, 8")

WIRED: dict[str, tuple[str, tuple[str, ...]]] = {
    "a part is assigned": (_net("y = self.a(x)\nz = self.b(x)\ny[:, 0] = z[:, 0]\nreturn self.c(y)"), X),
    "parts of zeros are assigned": (
        _net("out = torch.zeros(2, 4, 8)\nout[:, :2] = self.a(x)[:, :2]\nout[:, 2:] = self.b(x)[:, 2:]\n"
             "return self.c(out)"), X,
    ),
    "one side is read before it is written": (
        _net("y = self.a(x)\nz = self.b(y)\ny[:, 0] = z[:, 0]\nreturn self.c(y) + z"), X,
    ),
    "a mask picks where to write": (_net("y = self.a(x)\ny[y > 0] = 0\nreturn self.b(y)"), X),
    "added in place": (_net("y = self.a(x)\ny += self.b(x)\nreturn self.c(y)"), X),
    "added in place under another name": (_net("y = self.a(x)\nz = y\ny += self.b(x)\nreturn self.c(z)"), X),
    "methods in place": (_net("y = self.a(x)\ny.add_(self.b(x)).mul_(2)\nreturn self.c(y)"), X),
    "copied in place": (_net("y = torch.empty(2, 4, 8)\ny.copy_(self.a(x))\nreturn self.c(y)"), X),
    "an activation in place whose result nobody takes": (
        _net("y = self.a(x)\nself.act(y)\nreturn self.b(y)", "self.act = nn.ReLU(inplace=True)"), X,
    ),
    "a function in place whose result nobody takes": (_net("y = self.a(x)\nF.relu_(y)\nreturn self.b(y)"), X),
    "zeroed": (_net("y = self.a(x)\nz = self.b(y)\ny.zero_()\nreturn self.c(y + z)"), X),
    "chunks": (_net("q, k, v = self.wide(x).chunk(3, dim=-1)\nreturn self.a(q) + self.b(k) * v",
                    "self.wide = nn.Linear(8, 24)"), X),
    "pieces of two": (
        _net("y = torch.cat([self.a(x), self.b(x)], dim=1)\np, q = y.split(4, dim=1)\nreturn self.c(p)"), X,
    ),
    "unbound": (_net("return torch.stack([self.b(each) for each in self.a(x).unbind(1)], dim=1)"), X),
    "unpacked": (_net("y, z = self.a(x)\nreturn self.b(y) + self.c(z)"), X),
    "stacked": (_net("return self.c(torch.stack([self.a(x), self.b(x), x]).sum(0))"), X),
    "einsum": (_net("return self.c(torch.einsum('bij,bkj,bkl->bil', self.a(x), self.b(x), x))"), X),
    "matrix products": (_net("s = (self.a(x) @ self.b(x).transpose(-2, -1)).softmax(-1)\nreturn s @ self.c(x)"), X),
    "states": (
        _net("y, (h, c) = self.lstm(x)\ny, (h, c) = self.lstm(self.a(y), (h, c))\nreturn self.b(y), h, self.c(c)",
             "self.lstm = nn.LSTM(8, 8, batch_first=True)"), X,
    ),
    "a cell step by step": (
        _net("h = torch.zeros(2, 8)\nc = torch.zeros(2, 8)\nfor t in range(4):\n    h, c = self.cell(x[:, t], (h, c))\n"
             "return self.a(h)", "self.cell = nn.LSTMCell(8, 8)"), X,
    ),
    "a dictionary": (
        _net("found = {'p': self.a(x), 'q': [self.b(x)]}\nfound['r'] = self.c(found['q'][0])\nreturn found"), X,
    ),
    "named inputs": (
        _net("return self.both(right=self.a(x), left=self.b(x))",
             "self.both = nn.Bilinear(8, 8, 8)").replace("right=", "input2=").replace("left=", "input1="), X,
    ),
    "attention with masks": (
        _net("mask = y[..., 0] > 0\nout, seen = self.attend(self.a(x), y, value=y, key_padding_mask=mask)\n"
             "return self.b(out), seen", "self.attend = nn.MultiheadAttention(8, 2, batch_first=True)", "x, y"), XY,
    ),
    "a function with a mask": (
        _net("m = self.b(y)\nreturn F.scaled_dot_product_attention(self.a(x), y, y, attn_mask=m @ m.mT)",
             given="x, y"), XY,
    ),
    "called twice": (_net("return self.b(self.a(self.a(x)) + self.a(x))"), X),
    "chosen by a condition": (_net("return self.c(torch.where(x > 0, self.a(x), self.b(x)))"), X),
    "masked": (_net("m = self.b(x) > 0\nreturn self.c(self.a(x).masked_fill(m, 0.0))"), X),
    "an input that nobody reads": (_net("return self.a(x)", given="x, y"), XY),
    "an input that is returned": (_net("return self.a(x), y", given="x, y"), XY),
    "constants made before": (
        _net("return self.b(self.a(x) + self.places[: x.shape[1]])",
             "places = torch.arange(4)[:, None] * torch.arange(8)[None]\nplaces = places.float() / 3 + 1\n"
             "self.register_buffer('places', places)"), X,
    ),
    "a constant made before, not registered": (
        _net("return self.b(self.a(x) + self.places)", "self.places = torch.arange(8).float() * 2 + 1"), X,
    ),
    "a parameter that is computed with": (
        _net("return self.a(x) @ (self.w * 2).softmax(0)", "self.w = nn.Parameter(torch.randn(8, 8) * 0.02)"), X,
    ),
    "a kept tensor": (
        _net("if self.kept is None:\n    self.kept = self.a(x)\nreturn self.b(self.kept) + self.kept",
             "self.kept = None"), X,
    ),
    "a layer of one's own that calls the layer it is made of": (
        _net("return self.a(self.norm(x))", "self.norm = Norm(8)").replace(
            "class Net", "class Norm(nn.LayerNorm):\n    def forward(self, x):\n"
            "        return super().forward(x.transpose(0, 1)).transpose(0, 1)\n\n\nclass Net"), X,
    ),
    "forward called by name": (_net("y = self.a(x)\nreturn self.c(self.b.forward(y))"), X),
    "a part without parts of one's own": (
        _net("return self.a(self.norm(self.b(x)) + x)", "self.norm = Norm()").replace(
            "class Net", "class Norm(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            "        self.g = nn.Parameter(torch.ones(8))\n    def forward(self, x):\n"
            "        return self.g * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)\n\n\nclass Net"), X,
    ),
    "a part that hands back what it got": (
        _net("y = self.a(x)\nreturn self.b(self.same(y)) + y", "self.same = nn.Identity()"), X,
    ),
    "another kind of numbers": (
        _net("y = self.a(x).half().float().to(torch.float64).to(x.dtype)\nreturn self.b(y)"), X,
    ),
    "other axes": (
        _net("y = self.a(x).permute(1, 0, 2).contiguous().view(4, -1).T.reshape(2, 8, 4).transpose(1, 2)\n"
             "return self.b(y.flatten(0, 1).unflatten(0, (2, 4)).squeeze().unsqueeze(0)[0].clone().detach())"), X,
    ),
    "picked by positions": (
        _net("i = self.b(x).argmax(-1)\ny = self.a(x).gather(1, i[..., None].expand(-1, -1, 8) % 4)\n"
             "return self.c(y)"), X,
    ),
    "a scatter": (
        _net("i = torch.zeros(2, 4, 8, dtype=torch.long)\ny = torch.zeros(2, 4, 8)\ny.scatter_(1, i, self.a(x))\n"
             "return self.b(y)"), X,
    ),
    "the largest and where it is": (
        _net("top, at = self.a(x).max(-1, keepdim=True)\nbest = self.b(x).topk(2, dim=-1)\n"
             "return self.c(x * top) , at, best.values, best.indices"), X,
    ),
    "a loop over places": (
        _net("out = []\nh = self.a(x[:, 0])\nfor t in range(x.size(1)):\n    h = torch.tanh(self.b(h) + x[:, t])\n"
             "    out.append(h)\nreturn self.c(torch.stack(out, 1))"), X,
    ),
    "PyTorch's own encoder": (
        _net("return self.a(self.encoder(x, mask=y[0] @ y[0].T))",
             "layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)\n"
             "self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(8))", "x, y"), XY,
    ),
    "PyTorch's own decoder, norms first": (
        _net("return self.decoder(self.a(x), self.b(y))",
             "layer = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True, norm_first=True)\n"
             "self.decoder = nn.TransformerDecoder(layer, 2)", "x, y"), XY,
    ),
    "PyTorch's own Transformer": (
        _net("return self.whole(x, y)", "self.whole = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)", "x, y"), XY,
    ),
}  # fmt: skip
