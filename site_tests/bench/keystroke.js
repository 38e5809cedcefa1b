// In a page whose Python is awake: how long from a key to the frame that shows what follows from it.
// Nothing here runs before the page has changed something, so that watching costs no frames.
(() => {
  const { port1, port2 } = new MessageChannel();
  let widget, from, wanted, seen, finish;

  const framed = (then) =>
    requestAnimationFrame(() => {
      port1.onmessage = () => then(performance.now());
      port2.postMessage(null);
    });
  addEventListener("keydown", (event) => (from ??= event.timeStamp), { capture: true });

  const changed = () => {
    if (from === undefined || seen) return;
    const { state } = widget.dataset;
    if (state !== wanted && !(wanted === "replayed" && state === "current")) return;
    seen = true;
    framed((now) => finish({ milliseconds: now - from, state, panels: panels() }));
  };
  const panels = () =>
    Object.fromEntries([...widget.querySelectorAll("[data-panel]")].map((each) => [each.dataset.panel, each.innerHTML]));
  globalThis.benchShown = (id) => {
    widget = document.getElementById(id);
    return panels();
  };

  // Make ready for one key in this field; `state` is what is waited for: replayed, or current, which Python says.
  globalThis.benchKey = (id, name, state) => {
    globalThis.benchObserver?.disconnect();
    widget = document.getElementById(id);
    delete widget.dataset.state;
    from = undefined;
    seen = false;
    wanted = state;
    globalThis.benchObserver = new MutationObserver(changed);
    globalThis.benchObserver.observe(widget, { attributes: true, attributeFilter: ["data-state"] });
    const control = widget.querySelector(`form [name="${name}"]`);
    control.focus();
    control.select();
    globalThis.benchFields = () =>
      Object.fromEntries([...widget.querySelector("form").elements].filter((each) => each.name).map((each) => [each.name, each.value]));
    globalThis.benchDone = new Promise((resolve) => (finish = resolve));
    return [...widget.querySelectorAll("[data-panel]")].map((each) => each.dataset.panel);
  };
})();
