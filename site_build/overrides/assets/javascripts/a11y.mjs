// Two gaps of the theme, closed after it has built its own furniture:
// copy buttons sit in a nameless <nav> each (a landmark too many), and a table
// too wide for the window scrolls but can't be reached with the keyboard.

const scrollers = ".md-typeset__scrollwrap";

function reachable() {
  for (const box of document.querySelectorAll(scrollers)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

function mend() {
  for (const nav of document.querySelectorAll(".md-code__nav")) {
    nav.setAttribute("role", "presentation");
  }
  reachable();
}

// Emits on the first page and after each instant navigation.
globalThis.document$?.subscribe(() => {
  requestAnimationFrame(() => setTimeout(mend));
});
addEventListener("resize", reachable, { passive: true });
document.fonts?.ready.then(reachable);
