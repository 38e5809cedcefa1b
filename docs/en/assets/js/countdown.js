// A budget of time that a page asleep does not use up: of the time that a frozen page or a closed computer was away,
// no more than one tick counts.
const TICK = 250; // milliseconds
const LONGEST = 1500; // as slowly as browsers let a page in the background tick

// Calls `over` once when the budget is used up; the function given back stops that.
export function countdown(milliseconds, over) {
  let left = milliseconds;
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    left -= Math.min(now - before, LONGEST);
    before = now;
    if (left > 0) return;
    clearInterval(timer);
    over();
  }, TICK);
  return () => clearInterval(timer);
}
