"""Stands in for Pyodide's installer of packages, in the page only: there is nothing to install.

Pyodide's own start asks for the names below. Its installer loads what unpacks
archives and writes temporary files.
"""

import sys


class _Folder:
    def __init__(self, path: str) -> None:
        self.path = path

    def __str__(self) -> str:
        return self.path


SITE_PACKAGES = _Folder("/lib/python{}.{}/site-packages".format(*sys.version_info))
DSO_DIR = _Folder("/usr/lib")


def init_loaded_packages() -> None:
    """Nothing is installed."""
