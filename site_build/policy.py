"""What a page may load and run: a Content-Security-Policy in every page, and a `_headers` file for hosts that read one.

The policy is written after the build, since it names the inline scripts of the
theme by their hashes. Every page gets those of all pages: instant navigation
puts one page in the place of another under the policy of the first.

A page that has a policy of its own, the sandbox's frame, keeps it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

wanted = True
"""Whether pages are sealed; the hooks say no where MkDocs serves them with a script of its own."""

NAME = "Content-Security-Policy"
CHARSET = re.compile("<meta charset=[^>]*>")
RUN = {"", "module", "text/javascript", "importmap", "speculationrules"}
"""The types of scripts that a policy is asked about; a script of any other type is data."""

WORKERS = ("assets/**/js/worker.js", "assets/javascripts/workers/*.js", "sw.js")
"""Scripts that run beside the page: where they come from a host that sends headers, these are their policy."""

FOR_WORKERS = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
VERSIONED = re.compile(r".+-([0-9a-f]{8,}|\d+(\.\d+)+)")
"""The name of a folder whose files never change: with a version, or a hash of what is in it."""

EVERYWHERE = {
    NAME: "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), "
    "geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What a meta element cannot say."""

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ASK_AGAIN = {"Cache-Control": "no-cache"}


_ATTRIBUTES = r"""((?:[^>"']|"[^"]*"|'[^']*')*)"""
_INLINE = re.compile(rf"<(script|style)\b{_ATTRIBUTES}>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_OWN = re.compile(f'<meta http-equiv="{NAME}" content="([^"]*)">')


def hashed(text: str) -> str:
    """An inline script or style as a policy names it."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def own_policy(html: str) -> str | None:
    """The policy that a page states in a meta element; None without one."""
    found = _OWN.search(html)
    return found and found.group(1)


def inline(html: str, tag: str) -> set[str]:
    """The texts of the page's inline elements of one kind: "script" (those that run) or "style"."""
    return {
        text
        for name, attributes, text in _INLINE.findall(html)
        if name.lower() == tag and (tag == "style" or _runs(attributes))
    }


def _runs(attributes: str) -> bool:
    kind = _TYPE.search(attributes)
    return not re.search(r"\bsrc\s*=", attributes) and (kind.group(1).lower() if kind else "") in RUN


def policy(pages: Iterable[str]) -> str:
    """The one policy of these pages' HTML."""
    pages = list(pages)
    scripts, styles = (
        sorted({hashed(text) for html in pages for text in inline(html, tag)}) for tag in ("script", "style")
    )
    directives = {
        "default-src": ["'none'"],
        # Pyodide compiles WebAssembly; nothing evaluates text.
        "script-src": ["'self'", "'wasm-unsafe-eval'", *scripts],
        "style-src": ["'self'", *styles],
        # KaTeX places each part of a formula by an attribute, and no two formulas alike.
        "style-src-attr": ["'unsafe-inline'"],
        # The theme's icons are data; a diagram becomes a PNG by way of a blob.
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'none'"],
        "base-uri": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def with_policy(html: str, text: str) -> str:
    """The page with the policy behind its charset, which has to stand in the first bytes, and before all else."""
    charset = CHARSET.search(html)
    if charset is None:
        raise ValueError("a page without <meta charset> has no place for its policy")
    end = charset.end()
    return f'{html[:end]}<meta http-equiv="{NAME}" content="{text}">{html[end:]}'


def rules(site: Path) -> dict[str, dict[str, str]]:
    """The headers for each pattern of a sealed site's addresses.

    Where several patterns fit, hosts join the values of one name by commas, and a
    browser keeps to all policies joined. So each address has one pattern that says
    its own, and the one for all addresses says what every document can bear.
    """
    found = {"/*": EVERYWHERE}
    for path in sorted(site.rglob("*.html")):
        page = path.relative_to(site)
        own = own_policy(path.read_text(encoding="utf-8")) or ""
        # Nobody reads the frame as a page: opened by itself, it has no origin either.
        frame = page.parts[0] == "assets"
        headers = {NAME: f"{own}; sandbox allow-scripts"} if frame else {NAME: own, **ASK_AGAIN}
        for address in _addresses(page):
            found[address] = headers
    for path in sorted({each for pattern in WORKERS for each in site.glob(pattern)}):
        found[f"/{path.relative_to(site).as_posix()}"] = {NAME: FOR_WORKERS}
    for name in ("sw.js", "manifest.webmanifest", "sitemap.xml", "search/search_index.json"):
        if (site / name).is_file():
            found[f"/{name}"] = {**found.get(f"/{name}", {}), **ASK_AGAIN}
    for folder in sorted(each for each in (site / "assets").iterdir() if VERSIONED.fullmatch(each.name)):
        found[f"/assets/{folder.name}/*"] = FOREVER
    return found


def _addresses(page: Path) -> Iterator[str]:
    """Patterns for a page's address: pages in folders of one depth share theirs; hosts may leave out `.html`."""
    if page.name == "index.html":
        yield "/" + "".join(f":{'abcdefgh'[depth]}/" for depth in range(len(page.parts) - 1))
    else:
        yield f"/{page.as_posix()}"
        yield f"/{page.with_suffix('').as_posix()}"


def written(found: dict[str, dict[str, str]]) -> str:
    """Rules as the text of a `_headers` file."""
    return "\n".join(
        f"{address}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for address, headers in found.items()
    )


def seal(site: Path) -> None:
    """Write the policy into every page of a built site."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    bare = {path: html for path, html in pages.items() if own_policy(html) is None}
    text = policy(bare.values())
    for path, html in bare.items():
        path.write_text(with_policy(html, text), encoding="utf-8")


def write_headers(site: Path) -> None:
    """Write `_headers` for a sealed site, when all of its files are there."""
    (site / "_headers").write_text(written(rules(site)), encoding="utf-8")
