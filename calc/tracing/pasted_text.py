"""The text of pasted source, made ready for Python; every line keeps its number.

What browsers, notebooks, terminals and Markdown add to code is taken off: other line ends,
non-breaking spaces, a common indent, fences, prompts, `%` and `!` lines.
"""

from __future__ import annotations

import ast
import re
import textwrap

INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"), None) | {0xA0: " ", 0x202F: " ", 0x3000: " "}
"""Characters that look like nothing or like a space, and that Python refuses."""

QUOTES = {0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"}
"""What word processors make of quotation marks."""

FENCE = re.compile(r"\s*(```|~~~)")
PROMPT = re.compile(r"\s*(>>>|\.\.\.|In ?\[\d*\]:|\.\.\.:)( |$)")
MAGIC = re.compile(r"(\s*)(!|%%?[a-zA-Z]|\?\w|\w+\?\?*$)")


def ready(source: str) -> str:
    """The source as Python can read it, or as it was where nothing helps."""
    text = "\n".join(source.translate(INVISIBLE).splitlines())
    for better in (_same, textwrap.dedent, _unfenced, _unprompted, _without_magic, _straight, _untabbed):
        text = better(text)
        if _readable(text):
            return text + "\n"
    return text + "\n"


def _same(text: str) -> str:
    return text


def _readable(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _unfenced(text: str) -> str:
    """Only what stands between fences, where there are any."""
    if not any(map(FENCE.match, text.split("\n"))):
        return text
    lines, inside = [], False
    for line in text.split("\n"):
        fence = FENCE.match(line) is not None
        inside ^= fence
        lines.append(line if inside and not fence else "")
    return textwrap.dedent("\n".join(lines))


def _unprompted(text: str) -> str:
    """What was typed after the prompts of an interpreter, without what it answered."""
    lines = text.split("\n")
    if not any(map(PROMPT.match, lines)):
        return text
    return textwrap.dedent("\n".join(line[found.end() :] if (found := PROMPT.match(line)) else "" for line in lines))


def _without_magic(text: str) -> str:
    """Commands of a notebook as statements that do nothing."""
    return "\n".join(f"{found[1]}pass" if (found := MAGIC.match(line)) else line for line in text.split("\n"))


def _straight(text: str) -> str:
    return text.translate(QUOTES)


def _untabbed(text: str) -> str:
    """Tabs as wide as four spaces."""
    return textwrap.dedent(text.expandtabs(4))
