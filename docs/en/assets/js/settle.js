// What was far from the window when the page came is laid out once in idle moments, block by block, so that the browser
// knows its size: see prose.css, panels.css. From then on every place is where it will stay. Afterwards it is left out
// again while it is far away: what is not drawn costs nothing at a keystroke.
import { whenIdle, whenRead } from "./idle.js";

const WAITING = ".calc-section, .md-content__inner > h2 ~ :is(p, ul, ol, dl, .md-typeset__scrollwrap)";
const TURN = 10; // milliseconds, after which whatever else there is to do comes first

let known = new WeakSet();
let blocks = null; // those still to be laid out; null when nothing is under way
let asleep = () => {}; // ends the wait for a page that has just come; null when that is over

// A browser remembers a size at the end of the frame in which it was there.
const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    sized.unobserve(target);
    requestAnimationFrame(() => target.style.removeProperty("content-visibility"));
  }
});

const page = () => document.querySelector("[data-md-component=container]");

function settle() {
  if (asleep) return;
  const underWay = blocks !== null;
  delete page().dataset.settled;
  blocks = [...document.querySelectorAll(WAITING)].filter((each) => !known.has(each) && each.checkVisibility());
  if (!underWay) whenIdle(some);
}

function some() {
  const end = performance.now() + TURN;
  while (blocks.length && performance.now() < end) {
    const block = blocks.shift();
    known.add(block);
    block.style.contentVisibility = "visible";
    sized.observe(block);
    void block.offsetHeight; // now, while there is time
  }
  if (blocks.length) return whenIdle(some);
  blocks = null;
  page().dataset.settled = "";
}

// Sizes are others in a window of another width, and with another font.
function anew() {
  known = new WeakSet();
  settle();
}

// Emits on the first page and after each instant navigation: what else comes with it comes first.
globalThis.document$?.subscribe(() => {
  asleep?.();
  asleep = whenRead(() => {
    asleep = null;
    settle();
  });
});
document.addEventListener("toggle", ({ target }) => target.open && settle(), true);
document.fonts.addEventListener("loadingdone", anew);
let width = innerWidth;
addEventListener("resize", () => {
  if (width === innerWidth) return;
  width = innerWidth;
  anew();
});
