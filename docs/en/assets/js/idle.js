// When there is time. Safari knows no such moments: there it is a little later, and for as short a time at once.
const LATER = 200; // milliseconds
const SPARE = 20; // milliseconds in which nobody notices that something is done
const READ = 3000; // milliseconds in which a page has come

function soon(act) {
  return setTimeout(() => {
    const end = performance.now() + SPARE;
    act({ timeRemaining: () => end - performance.now() });
  }, LATER);
}

// When the next frame has been painted.
export const whenPainted = (act) => requestAnimationFrame(() => setTimeout(act));

// When a page that has just come is read: at the reader's first sign, or after a while. The function given back stops that.
export function whenRead(act) {
  const signs = new AbortController();
  const over = () => {
    signs.abort();
    clearTimeout(latest);
  };
  const begun = () => {
    over();
    act();
  };
  const latest = setTimeout(begun, READ);
  for (const sign of ["scroll", "pointermove", "keydown"]) addEventListener(sign, begun, { signal: signs.signal, passive: true });
  return over;
}

export const whenIdle = globalThis.requestIdleCallback?.bind(globalThis) ?? soon;
