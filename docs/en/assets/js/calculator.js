// What a calculator does once its page has a script: it takes what is typed to Python and the answer back.
// Form controls are never written again, so focus and caret stay where they are.
import { ask, wake } from "./client.js";
import { addressOf, keepInAddress, leaveAddress, typedInAddress } from "./link.js";
import { Stage } from "./stage.js";

export class Calculator {
  patience = 120; // milliseconds until it is said that an answer is waited for
  #baked = new Map();
  #shown = new Map();
  #busy = false;
  #edits = 0; // counts edits; an answer to an older count is stale
  #listening = null;
  #jumps = null;
  #stages = [];

  constructor(widget) {
    this.widget = widget;
    this.form = widget.querySelector("form");
    for (const panel of this.panels()) this.#baked.set(panel.dataset.panel, panel.innerHTML);
  }

  get id() {
    return this.widget.id;
  }

  start() {
    this.listen();
    this.form.querySelector("fieldset").disabled = false;
    for (const button of this.widget.querySelectorAll("button[data-do]")) button.hidden = false;
    for (const stepper of this.widget.querySelectorAll(".calc-stepper")) {
      this.#stages.push(new Stage(stepper.closest(".calc-section"), () => keepInAddress(this.id, this.typed())));
    }
    this.restore();
    // The theme writes every link out in full, so a jump within the page takes the state out of the address.
    const { pathname } = location;
    this.#jumps = globalThis.location$?.subscribe(() => {
      if (location.pathname === pathname) keepInAddress(this.id, this.typed());
    });
  }

  leave() {
    this.#listening?.disconnect();
    this.#jumps?.unsubscribe();
    leaveAddress(this.id);
    for (const stage of this.#stages) stage.stop();
  }

  // Whom to ask; one that runs code asks somebody else.
  wake() {
    return wake();
  }

  ask(question) {
    return ask(question);
  }

  panels() {
    return this.widget.querySelectorAll("[data-panel]");
  }

  listen() {
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.edited());
    this.form.addEventListener("keydown", (event) => this.step(event));
    this.widget.addEventListener("click", (event) => this.press(event.target.closest("button[data-do]")));
    for (const sign of ["pointerenter", "focusin", "touchstart"]) {
      this.widget.addEventListener(sign, () => this.wake().catch(() => {}), { once: true, passive: true });
    }
    // A widget being read is likely to be used: start while the page has nothing else to do.
    this.#listening = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#listening.disconnect();
      if (navigator.connection?.saveData) return;
      const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1500));
      idle(() => this.widget.isConnected && this.wake().catch(() => {}), { timeout: 4000 });
    });
    this.#listening.observe(this.widget);
  }

  restore() {
    if (this.fill(typedInAddress(this.id)).length) this.edited();
  }

  // Texts by name go into their fields; the names that have one are given back.
  fill(texts) {
    const filled = [];
    for (const [name, text] of texts) {
      this.#stages.find((stage) => `${stage.name}.at` === name)?.restore(Number(text));
      const control = this.control(name);
      if (!control) continue;
      filled.push(name);
      if (control instanceof HTMLSelectElement) {
        // A word that is not on offer stays visible, so that the message about it makes sense.
        if (![...control.options].some((option) => option.value === text)) control.add(new Option(text));
      }
      control.value = text;
    }
    return filled;
  }

  control(name) {
    const control = this.form.elements.namedItem(name);
    const kinds = [HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement];
    return kinds.some((kind) => control instanceof kind) ? control : null;
  }

  controls() {
    return [...this.form.elements].filter((each) => each.name);
  }

  fields() {
    return Object.fromEntries(this.controls().map((each) => [each.name, each.value]));
  }

  question() {
    return { layer: this.widget.getAttribute("layer"), fields: this.fields(), panels: [...this.#baked.keys()] };
  }

  typed() {
    const differs = (each) =>
      each instanceof HTMLSelectElement
        ? !each.selectedOptions[0]?.defaultSelected
        : each.value !== each.defaultValue;
    const steps = this.#stages.filter((stage) => stage.place).map((stage) => [`${stage.name}.at`, String(stage.place)]);
    return [...this.controls().filter(differs).map((each) => [each.name, each.value]), ...steps];
  }

  edited() {
    this.noted();
    if (!this.#busy) requestAnimationFrame(() => this.recompute());
  }

  // Something was typed: whatever is asked now is about older text.
  noted() {
    this.#edits += 1;
    keepInAddress(this.id, this.typed());
  }

  get busy() {
    return this.#busy;
  }

  // One question is under way at a time; what is typed meanwhile is asked next, all at once.
  async recompute() {
    if (this.#busy) return;
    this.#busy = true;
    const edits = this.#edits;
    const slow = setTimeout(() => this.slow(), this.patience);
    try {
      const reply = await this.ask(this.question());
      if (edits === this.#edits) this.show(reply);
    } catch (error) {
      this.failed(error, edits === this.#edits);
    } finally {
      clearTimeout(slow);
      this.#busy = false;
    }
    if (edits !== this.#edits) this.outdated();
  }

  slow() {
    this.say("Starting Python…", "waiting");
  }

  failed(error) {
    console.warn(error);
    this.say("No answer from Python; the results below are from before. Type again to retry.", "failed");
  }

  // The answer came too late: something else has been typed by now.
  outdated() {
    this.recompute();
  }

  show({ panels, errors = {} }) {
    for (const control of this.controls()) this.mark(control, errors[control.name] ?? "");
    if (panels) {
      this.paint(panels);
      this.say("", "current");
    } else {
      this.say("Not computed: see the marked field. Below are the last valid results.", "stale");
    }
  }

  mark(control, message) {
    const place = document.getElementById(`${control.id}.error`);
    if (place.textContent !== message) place.textContent = message;
    place.hidden = !message;
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }

  paint(panels) {
    for (const panel of this.panels()) {
      const name = panel.dataset.panel;
      const before = this.#shown.get(name) ?? this.#baked.get(name);
      if (panels[name] === undefined || panels[name] === before) continue;
      panel.innerHTML = panels[name];
      this.#shown.set(name, panels[name]);
      this.#stages.find((stage) => stage.name === name)?.refresh();
    }
  }

  say(text, state) {
    this.widget.dataset.state = state;
    const status = this.widget.querySelector(".calc-status");
    if (status.textContent !== text) status.textContent = text;
  }

  // Up and down change a whole number by one, as in a number field.
  step(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const control = event.target;
    if (!by || !(control instanceof HTMLInputElement) || !/^-?[0-9]{1,15}$/.test(control.value)) return;
    event.preventDefault();
    const least = Number(control.dataset.least ?? -Infinity);
    control.value = String(Math.max(Number(control.value) + by, least));
    this.edited();
  }

  press(button) {
    if (button) this.acts(button)[button.dataset.do]();
  }

  // What each button does.
  acts(button) {
    return {
      reset: () => this.reset(),
      link: () => this.copy(button, addressOf(this.id, this.typed())),
      another: () => this.another(button),
      copy: () => this.copy(button, button.closest(".calc-section").querySelector("pre")?.textContent ?? ""),
    };
  }

  // The next random draw.
  another(button) {
    const control = button.parentElement.querySelector("input");
    control.value = String((Number.parseInt(control.value, 10) || 0) + 1);
    const { clears } = button.dataset;
    if (clears) this.control(clears).value = "";
    this.edited();
  }

  reset() {
    this.form.reset();
    for (const stage of this.#stages) stage.reset();
    this.#edits += 1;
    keepInAddress(this.id, []);
    this.show({ panels: Object.fromEntries(this.#baked) });
  }

  async copy(button, text) {
    const label = (button.dataset.label ??= button.textContent); // pressed again, it may say "Copied"
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copying is blocked here";
    }
    setTimeout(() => (button.textContent = label), 1600);
  }
}
