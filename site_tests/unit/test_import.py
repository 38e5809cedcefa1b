"""What is imported is what was asked for: a script that wants one number does not wait for the pages' panels."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import calc

ROOT = Path(calc.__file__).parents[1]

PANELS = {"calc.panels", "calc.demo", "calc.network", "calc.tracing", "calc.torch", "calc.render"}

CONV = 'calc.layer("Conv2d", in_channels=1, out_channels=6, kernel_size=5)((1, 28, 28))'


def loaded(statement: str) -> set[str]:
    """The modules of the package that a fresh Python has loaded after a statement."""
    code = f"import sys, calc\n{statement}\nprint(*(name for name in sys.modules if name.startswith('calc')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_package_alone_loads_no_module_of_its_own() -> None:
    assert loaded("") == {"calc"}


def test_a_layer_loads_its_own_family_and_no_panel() -> None:
    found = loaded(CONV)

    assert "calc.layers.conv" in found
    assert not found & (PANELS | {"calc.layers.pooling", "calc.keras.conv"})


def test_the_check_sees_panels_where_they_are_loaded() -> None:
    assert "calc.panels" in loaded("import calc.render")


@pytest.mark.parametrize("name", calc.__all__)
def test_every_public_name_is_found_and_listed(name: str) -> None:
    assert getattr(calc, name) is getattr(calc, name)
    assert name in dir(calc)


def test_a_layer_is_made_by_the_name_whatever_was_imported_before() -> None:
    """No module of the package may take the name of the function from it."""
    statement = "import calc.calculators, calc.derive, calc.layer_base\nassert callable(calc.layer)"

    assert "calc.layer_base" in loaded(statement)
    assert inspect.isfunction(calc.layer)


def test_an_unknown_name_is_refused_as_any_module_does() -> None:
    with pytest.raises(AttributeError, match="module 'calc' has no attribute 'Conv3000'"):
        calc.Conv3000  # noqa: B018
