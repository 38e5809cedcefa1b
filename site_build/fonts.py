"""Fonts cut down to the characters that the site can show.

What a reader types may hold any other character; it is shown in the next font of
the list, letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.varLib import instancer

FEATURES = ("kern", "liga", "lnum", "tnum", "mark", "mkmk", "ccmp", "locl", "calt")
"""What the style sheets ask of a font, and what letters need to stand right."""

ASCII = {chr(code) for code in range(0x20, 0x7F)}
GREEK = set("αβγδεϵζηθϑικλμνξοπϖρϱσςτυφϕχψωΓΔΘΛΞΠΣΥΦΨΩ")
OPERATORS = set("×·⋅÷−±∓∗∘⊙⊕⊗≤≥<>=≠≈≡∼∝∈∉⊂⊆∪∩∏∑∫√∞∂∇→←↔↦⇒⟶⟵⟺…⋯⋮⋱′∣∥⌊⌋⌈⌉⟨⟩¬∧∨∀∃ℓ\u200b")
PIECES = {chr(code) for code in range(0x239B, 0x23B2)}
"""What high brackets are put together from."""

TEXT = ASCII | set("\u00a0\u2009\u200a\u200b\u202f\u2060–—‘’“”…·×−")
"""Characters that texts may hold beside those of their sources."""

FORMULA = ASCII | GREEK | OPERATORS | PIECES
"""Characters that formulas of the site may hold beside those that they do hold."""


REGULAR = 400
"""The one weight of italics, which is half the file; a browser makes bold ones of it, where there are any."""


def cut(font: Path, characters: Iterable[str], kept: Path) -> bytes:
    """A WOFF2 font with the glyphs for these characters; made once and kept in a folder."""
    text = "".join(sorted(set(characters)))
    name = sha256(f"{subset.__name__} {FEATURES} {REGULAR} {text}".encode() + font.read_bytes()).hexdigest()
    made = kept / f"{name[:24]}.woff2"
    if not made.exists():
        kept.mkdir(parents=True, exist_ok=True)
        unfinished = made.with_suffix(f".{id(text)}")
        unfinished.write_bytes(_cut(font, text))
        unfinished.replace(made)
    return made.read_bytes()


def _cut(font: Path, text: str) -> bytes:
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = list(FEATURES)
    options.name_IDs = [0, 1, 2, 13, 14]  # with the copyright and the licence
    with subset.load_font(BytesIO(font.read_bytes()), options) as whole:
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(whole)
        if "italic" in font.name and "fvar" in whole:
            instancer.instantiateVariableFont(whole, {"wght": REGULAR}, inplace=True)
        written = BytesIO()
        subset.save_font(whole, written, options)
    return written.getvalue()
