"""A host that sends what `_headers` says, as Netlify's and Cloudflare's do."""

from __future__ import annotations

import re
from pathlib import Path


class Headers:
    """The rules of a `_headers` file; none until one is read."""

    def __init__(self) -> None:
        self._rules: list[tuple[re.Pattern[str], str, str]] = []

    def read(self, file: Path) -> None:
        """From now on what the file says is sent."""
        pattern = re.compile("")
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("/"):
                pattern = _pattern(line)
            elif line:
                name, _, value = line.strip().partition(": ")
                self._rules.append((pattern, name, value))

    def clear(self) -> None:
        """Nothing is sent any more."""
        self._rules.clear()

    def of(self, path: str) -> dict[str, str]:
        """What goes out with a path of the site; where several rules fit, values of one name are joined by commas."""
        found: dict[str, str] = {}
        for pattern, name, value in self._rules:
            if pattern.fullmatch(path):
                found[name] = f"{found[name]}, {value}" if name in found else value
        return found


def _pattern(address: str) -> re.Pattern[str]:
    """`*` is anything, `:name` anything up to the next slash."""
    parts = re.split(r"(\*|:[a-z]\w*)", address)
    return re.compile(
        "".join(".*" if part == "*" else "[^/]+" if part[:1] == ":" else re.escape(part) for part in parts)
    )
