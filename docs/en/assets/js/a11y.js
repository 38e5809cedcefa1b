// Two gaps of the theme, closed after it has built its own furniture:
// copy buttons sit in a nameless <nav> each (a landmark too many), and a table
// too wide for the window scrolls but can't be reached with the keyboard.

const SCROLLER = ".md-typeset__scrollwrap";

// Told of each box and table that takes another size, and of one that was far from the window when it comes near;
// and once more of those of a page that was left.
const sizes = new ResizeObserver((changed) => {
  for (const box of new Set(changed.map(({ target }) => target.closest(SCROLLER)))) {
    if (!box) continue;
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});

function mend() {
  for (const nav of document.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "presentation");
  sizes.disconnect();
  for (const part of document.querySelectorAll(`${SCROLLER}, ${SCROLLER} > *`)) sizes.observe(part);
}

// Emits on the first page and after each instant navigation.
globalThis.document$?.subscribe(() => requestAnimationFrame(() => setTimeout(mend)));
