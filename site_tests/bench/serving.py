"""The static server that all competitors share (server.mjs), run for as long as a block lasts."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER = Path(__file__).parent / "server.mjs"


@dataclass(frozen=True)
class Served:
    """Where it listens, and the flag by which a browser trusts its certificate."""

    address: str
    flag: str


@contextmanager
def serve(folder: Path, kept: Path, port: int) -> Iterator[Served]:
    """Serve a folder on 127.0.0.1; compressed files are kept in `kept` for the next time."""
    command = ["node", str(SERVER), str(folder), str(kept), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            if not line:
                raise RuntimeError(f"the server did not start on port {port}; set BENCH_PORT to a free one")
            said = json.loads(line)
            flag = f"--ignore-certificate-errors-spki-list={said['trusted']}"
            yield Served(f"https://127.0.0.1:{said['port']}/", flag)
        finally:
            server.terminate()
