"""The `calc` fence: a calculator declared in Markdown, or a build that stops and says where.

superfences shows a block as plain code when its formatter raises, and a strict
build does not notice. Every failure is therefore raised as the one exception
that it lets through, with page and line in front.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from pymdownx.superfences import SuperFencesException

from calc.fence import SpecError, parse_fence
from calc.widget import widget
from site_build import evidence, kept
from site_build.typeset import typeset


@dataclass
class Page:
    """The page being converted: its path, its source, and what was declared on it."""

    path: str
    source: str
    ids: set[str] = field(default_factory=set)


DIALECTS = ("keras", "tf1", "flax")
"""Words that stand before a layer's name where it is not PyTorch's."""

failure: type[SuperFencesException] = SuperFencesException
"""What is raised; the hooks put a class here that MkDocs reports without a traceback."""

current_page: ContextVar[Page | None] = ContextVar("current_page", default=None)


def validate(language: str, inputs: dict[str, str], options: dict[str, Any], attrs: dict[str, Any], md: Any) -> bool:
    """Take every word after `calc`; `render` judges them, where a fault can be reported."""
    options["words"] = list(inputs)
    return True


def render(source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **more: Any) -> str:
    """The HTML of one fence."""
    page = current_page.get() or Page("", source)
    words = options["words"]
    first = _first_line(page.source, source)
    try:
        if len(words) != (2 if words[:1] and words[0] in DIALECTS else 1):
            raise SpecError("a calc fence names one layer, as in ```calc Conv2d or ```calc keras Conv2D", 0)
        # superfences takes no dot in a word, so the dialect is a word of its own.
        spec = parse_fence(".".join(words), source)
        if spec.id in page.ids:
            raise SpecError(f"two calculators called {spec.id!r} on one page; give one an id of its own", 0)
        page.ids.add(spec.id)
        foot = evidence.foot(spec.layer, page.path)
        return kept.baked(spec, foot, lambda: widget(spec, typeset, foot=foot))
    except SpecError as error:
        where = f"{page.path}:{first + error.line}" if page.path else f"line {error.line}"
        raise failure(f"{where}: {error}") from error
    except Exception as error:
        raise failure(f"{page.path}:{first}: {error}") from error


def render_evidence(source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **more: Any) -> str:
    """The table of everything that was compared, where a page has an `evidence` fence."""
    return evidence.table()


def _first_line(page: str, body: str) -> int:
    """The line of the opening fence; superfences does not say where it is."""
    lines, wanted = page.splitlines(), [line.strip() for line in body.splitlines()]
    for number, line in enumerate(lines, 1):
        following = [text.strip() for text in lines[number : number + len(wanted)]]
        if line.lstrip().startswith("```calc") and following == wanted:
            return number
    return 0
