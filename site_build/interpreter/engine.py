"""Pyodide's own files without what the site cannot reach: see engine.mjs."""

from __future__ import annotations

from pathlib import Path

from site_build.interpreter.npm import HERE, made_once, node, npm_package, version

MODULE = "pyodide.asm.wasm"
NAMES = ("pyodide.mjs", "pyodide.asm.js", MODULE)


def files(into: Path) -> list[Path]:
    """The loader, the glue and the WebAssembly module."""

    def make(folder: Path) -> None:
        node("engine.mjs", {"from": str(npm_package("pyodide")), "to": str(folder)})

    made = made_once(into, "engine", [version(), HERE / "engine.mjs", HERE / "wasm.mjs"], make)
    return [made / name for name in NAMES]


def holding(module: bytes, name: str, content: bytes) -> bytes:
    """A WebAssembly module with a custom section at its end, for WebAssembly.Module.customSections to find."""
    section = _counted(name.encode()) + content
    return module + b"\0" + _counted(section)


def _counted(content: bytes) -> bytes:
    """Bytes after their number, in LEB128 as WebAssembly writes it."""
    left, number = len(content), b""
    while left > 0x7F:
        number += bytes([left & 0x7F | 0x80])
        left >>= 7
    return number + bytes([left]) + content
