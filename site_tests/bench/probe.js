// Stands in a page before anything of its own: edits as early as can be, and says when what is right was painted.
// `plan` and the binding `bench` come from visit.py; right is what calc says, told to it from outside.
(() => {
  const plan = globalThis.benchPlan;
  const { within, facts, formula, edit, state } = plan;
  if (window !== top) return;
  const frames = [];
  const longest = (entries) => {
    for (const each of entries) {
      const scripts = each.scripts.map(({ sourceURL, invoker, duration }) => ({ sourceURL, invoker, duration }));
      frames.push({ start: each.startTime, duration: each.duration, blocking: each.blockingDuration, scripts });
    }
  };
  new PerformanceObserver((list) => longest(list.getEntries())).observe({ type: "long-animation-frame", buffered: true });
  const tasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ start: startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  // ---------------------------------------------------------------------------------------- what is right

  // The number beside a name, as <dl> has it on all pages; the element, so that it can be asked where it stands.
  const fact = (root, name) => {
    const term = [...root.querySelectorAll("dt")].find((each) => each.textContent === name);
    return term?.parentElement.querySelector("dt ~ dd b") && nextOf(term).querySelector("b");
  };
  const nextOf = (term) => {
    let next = term.nextElementSibling;
    while (next && next.tagName !== "DD") next = next.nextElementSibling;
    return next;
  };
  let scrolled = null;
  const inSight = (element) => {
    if (scrolled !== element) element.scrollIntoView({ block: "center", behavior: "instant" });
    scrolled = element;
    const { top, bottom, width } = element.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight && element.checkVisibility({ visibilityProperty: true });
  };
  // Every number is right to the letter, the formula ends in it, nothing is marked as old, and the first stands in sight.
  const right = () => {
    const root = document.querySelector(within);
    if (!root || (state && !root.matches(state))) return false;
    const found = facts.map(([name]) => fact(root, name));
    if (!found.every((element, at) => element?.textContent === facts[at][1])) return false;
    if (found.some((element) => element.closest("[data-old]"))) return false;
    return root.textContent.includes(formula) && inSight(found[0]);
  };

  // --------------------------------------------------------------------------------------------- the edit

  let heard = false;
  let tries = 0;
  let editedAt = null;
  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, ...options) {
    if (type !== "input" || !listener) return addEventListener.call(this, type, listener, ...options);
    return addEventListener.call(this, type, function (event) {
      // The theme listens to every form of a page; what counts is who listens within the calculator.
      if (event.benched && this.closest?.(within)) heard = true;
      return listener.handleEvent ? listener.handleEvent(event) : listener.call(this, event);
    }, ...options);
  };
  const type = () => {
    const control = document.querySelector(`${within} [name="${edit.name}"]`);
    if (!control || control.matches(":disabled")) return;
    if (heard && control.value === edit.value) return;
    tries += 1;
    editedAt ??= performance.now();
    control.focus({ preventScroll: true });
    control.value = edit.value;
    control.dispatchEvent(Object.assign(new InputEvent("input", { bubbles: true }), { benched: true }));
  };

  // -------------------------------------------------------------------------------------------- the clock

  let done = false;
  const { port1, port2 } = new MessageChannel();
  // A message sent while a frame is made arrives when it has been made.
  port1.onmessage = () => {
    const painted = performance.now();
    globalThis.benchSaid = true;
    bench(JSON.stringify({ painted, editedAt, tries }));
  };
  const look = () => {
    if (done) return;
    if (edit) type();
    if ((!edit || editedAt !== null) && right()) {
      done = true;
      port2.postMessage(null);
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  if (edit) {
    const patience = setInterval(() => (done || heard ? clearInterval(patience) : type()), plan.patience);
  }
  globalThis.benchLong = () => ({ frames, tasks });
})();
