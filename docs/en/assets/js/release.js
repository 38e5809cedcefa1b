// The theme's observers hold on to parts of every page that instant navigation has left, and a part keeps all that it is
// connected with. So a page that was left is taken apart when there is time, or each would stay in memory whole.
import { whenIdle } from "./idle.js";

const AT_ONCE = 2000; // elements

const shown = () => document.querySelector("[data-md-component=container]");
let before = shown();

globalThis.document$?.subscribe(() => {
  const now = shown();
  if (now === before) return;
  takeApart([...before.querySelectorAll("*")]);
  before = now;
});

function takeApart(elements) {
  for (const each of elements.splice(-AT_ONCE)) each.remove();
  if (elements.length) whenIdle(() => takeApart(elements));
}
