"""The site's own scripts, style sheets and what they load: one folder, named after all that is in it.

An address below it never changes its content, so a browser may keep it for ever,
and a page never meets a script of another build: what differs has another name.
"""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent

FOLDERS = ("js", "css", "sandbox", "models")
"""What of the sources' assets is gathered; the rest, such as pictures, keeps its address."""

ENTRIES = ("first.js", "last.js")
"""The scripts that a page runs, in this order."""

WORKERS = ("worker.js", "memory-worker.js")
"""The scripts that run beside it, each with what it imports."""


def gathered(assets: Path) -> dict[str, bytes]:
    """The files of a folder of assets that are ours to version, by their path within it."""
    paths = sorted(path for name in FOLDERS for path in (assets / name).rglob("*") if path.is_file())
    return {path.relative_to(assets).as_posix(): path.read_bytes() for path in paths}


def folder_of(files: dict[str, bytes]) -> str:
    """The name of the folder for these files, such as `site-1f6a0c3d9b2e`."""
    digest = sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return f"site-{digest.hexdigest()[:12]}"


def checksum(content: bytes) -> str:
    """A file's content as a browser checks it when it is told the `integrity` of what it fetches."""
    return f"sha256-{b64encode(sha256(content).digest()).decode()}"


def runtime(folders: dict[str, str], **others: Any) -> bytes:
    """The module that tells scripts the names of the folders beside theirs, and what else they know of the build."""
    constants = {name: f"../{folder}" for name, folder in folders.items()} | others
    return "".join(f"export const {name} = {json.dumps(value)};\n" for name, value in constants.items()).encode()


def bundled(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files, with each entry or worker and what it imports in one script; a page's modules keep their addresses."""
    scripts = {name.removeprefix("js/"): content for name, content in files.items() if name.startswith("js/")}
    with TemporaryDirectory() as folder:
        for name, content in scripts.items():
            (Path(folder) / name).write_bytes(content)
        made: dict[str, str] = json.loads(run("bundle.mjs", {"folder": folder, "entries": ENTRIES, "workers": WORKERS}))
    return files | {f"js/{name}": text.encode() for name, text in made.items()}


def run(script: str, question: object) -> str:
    """What one of the scripts beside this file answers to a question, given to it as JSON."""
    done = subprocess.run(
        ["node", str(HERE / script)], input=json.dumps(question), capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stderr.strip()}")
    return done.stdout
