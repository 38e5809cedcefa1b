"""The `published` fence: what is printed elsewhere of the networks in one file, as a table.

    ```published resnet
    ```

The word is the name of a file in `calc/models`. A wrong one stops the build, as a wrong calculator does.
"""

from __future__ import annotations

from typing import Any

from calc.reported.published import published
from site_build import fence


def validate(language: str, inputs: dict[str, str], options: dict[str, Any], attrs: dict[str, Any], md: Any) -> bool:
    """Take every word; `render` judges them, where a fault can be reported."""
    options["words"] = list(inputs)
    return True


def render(source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **more: Any) -> str:
    """The table as HTML."""
    page = fence.current_page.get()
    where = f"{page.path}: " if page else ""
    words = options["words"]
    if len(words) != 1 or source.strip():
        raise fence.failure(f"{where}a published fence names one file and is empty, as in ```published resnet")
    try:
        return published(words[0])
    except Exception as error:
        raise fence.failure(f"{where}{error}") from error
