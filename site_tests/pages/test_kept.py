"""A calculator that was baked before is not worked out again, unless something that it follows from has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.fence import parse_fence
from site_build import kept

CONV = "in_channels = 1\nout_channels = 6\nkernel_size = 5\ninput = [1, 1, 28, 28]\n"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was baked, in a folder of its own."""
    monkeypatch.setattr(kept, "_folder", lambda: tmp_path)
    return []


def baked(made: list[str], source: str = CONV, foot: str = "") -> str:
    spec = parse_fence("Conv2d", source)
    return kept.baked(spec, foot, lambda: made.append(source) or f"calculator {len(made)}")


def test_the_second_time_it_is_read(made: list[str]) -> None:
    assert [baked(made), baked(made)] == ["calculator 1"] * 2
    assert len(made) == 1


def test_another_field_or_foot_is_another_calculator(made: list[str]) -> None:
    assert baked(made) != baked(made, CONV.replace("= 6", "= 7")) != baked(made, foot="<p>Compared.</p>")
    assert len(made) == 3


def test_what_fails_is_not_kept(made: list[str], tmp_path: Path) -> None:
    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept.baked(parse_fence("Conv2d", CONV), "", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_change_of_the_package_is_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The folder's name covers every module of `calc` and how formulas are typeset."""
    named: list[list[str]] = []
    monkeypatch.setattr(kept, "made_once", lambda into, kind, texts, make: named.append(list(texts)) or tmp_path)
    kept._folder.__wrapped__()
    [texts] = named

    for path in ("calc/sym.py", "calc/layers/conv.py", "site_build/typeset.mjs", "node_modules/katex/package.json"):
        assert [text for text in texts if text.startswith(f"{path} ")], path
