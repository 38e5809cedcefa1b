"""The page that a model is pasted into, as a reader handles it, and code to paste."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from site_tests.browser.calculator import Calculator

ADDRESS = "your-model/"
GOOD = """import torch.nn as nn

model = nn.Sequential(
    nn.Linear(6, 5),
    nn.ReLU(),
    nn.Linear(5, 2),
)
"""
BROKEN = GOOD.replace("nn.Linear(5, 2)", "nn.Linear(7, 2)")
ENDLESS = GOOD + "while True:\n    pass\n"
TABLED = """import torch.nn as nn


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        return self.linear(x)


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = Inner()
        self.two = Inner()

    def forward(self, x):
        return self.two(self.one(x))
"""
HELD = "This code came with the link. Read it, then press Run. The results below are those of the page’s own example."
STOPPED = re.compile("^The code was stopped: it gave no answer within 10 seconds. .* change the code and run it again.")


class Model(Calculator):
    """A calculator that runs code."""

    def write(self, name: str, source: str, **fields: str) -> str:
        """Put code into an editor and texts into fields, and wait for the answer."""
        for other, text in fields.items():
            self.field(other).fill(text)
        return self.type(name, source)

    def parameters(self) -> str:
        """The count that the answer gives."""
        facts: dict[str, str] = self.panel("answer").evaluate(
            "panel => Object.fromEntries([...panel.querySelectorAll('dt')].map(each => "
            "[each.textContent, each.nextElementSibling.querySelector('b')?.textContent ?? '']))"
        )
        return facts["Parameters"]

    def marked_lines(self, name: str) -> list[int]:
        """The lines that are marked in an editor, counted from 1."""
        lines: list[int] = self.field(name).evaluate(
            "control => [...control.closest('.calc-editor').querySelectorAll('.pce-line')]"
            ".flatMap((line, at) => line.classList.contains('calc-faulty-line') ? [at + 1] : [])"
        )
        return lines

    def line_at_caret(self, name: str) -> int:
        """The line that the caret is in, counted from 1; 0 without focus."""
        line: int = self.field(name).evaluate(
            "control => document.activeElement === control"
            " ? control.value.slice(0, control.selectionStart).split('\\n').length : 0"
        )
        return line

    @property
    def status(self) -> str:
        """What stands at the head."""
        return self.root.locator(".calc-status").inner_text()


def opened(page: Page, address: str = ADDRESS) -> Model:
    """The page with its editor ready."""
    page.goto(address)
    model = Model(page)
    expect(model.root.locator(".calc-editor").first).to_be_visible()
    return model
