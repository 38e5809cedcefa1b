"""Stands in for Pyodide's own package of this name, in the page only.

Pyodide's starts an event loop here. Questions are answered by a plain call, so there
is nothing to loop. What else the package holds is untouched.
"""

import sys

for name in ("asyncio", "importlib.abc"):
    del sys.modules[name]  # see sitecustomize.py

__all__ = ["code", "ffi"]
