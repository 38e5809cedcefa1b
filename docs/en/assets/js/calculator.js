// What a calculator does once its page has a script: it takes what is typed to Python and the answer back.
import { ask, awake, startAfresh, wake } from "./client.js";
import { Fields } from "./fields.js";
import { whenIdle, whenPainted } from "./idle.js";
import { LinkError, addressOf, keepInAddress, leaveAddress, typedInAddress } from "./link.js";
import { morph } from "./morph.js";
import { Trace } from "./replay.js";
import { Stage } from "./stage.js";
import { LATE, Status, markOld } from "./status.js";

export class Calculator {
  patience = 120; // milliseconds until it is said that an answer is waited for
  #built = null;
  #shown = new Map();
  #busy = false;
  #edits = 0; // counts edits; an answer to an older count is stale
  #traced;
  #waiting = []; // the panels that are left to Python; null where nothing is answered without it
  #since = 0; // when Python was asked
  #status;
  #jumps = null;
  #stages = [];

  constructor(widget) {
    this.widget = widget;
    this.form = widget.querySelector("form");
    this.fields = new Fields(this.form);
  }

  get id() {
    return this.widget.id;
  }

  // The panels that the page was built with.
  get #baked() {
    return (this.#built ??= new Map([...this.panels()].map((panel) => [panel.dataset.panel, panel.innerHTML])));
  }

  // What answers without Python; null where the page has none.
  get #trace() {
    if (this.#traced !== undefined) return this.#traced;
    const text = this.widget.querySelector(".calc-trace")?.content.textContent;
    return (this.#traced = text ? new Trace(JSON.parse(text), Object.fromEntries(this.#baked)) : null);
  }

  // Both are read when there is time for it, and before anybody has opened or changed anything.
  #prepare() {
    void (this.#baked, this.#trace);
  }

  start() {
    whenIdle(() => this.#prepare());
    this.listen();
    this.#status = new Status(this.widget, () => this.again());
    this.form.querySelector("fieldset").disabled = false;
    for (const button of this.widget.querySelectorAll("button[data-do]")) button.hidden = false;
    for (const stepper of this.widget.querySelectorAll(".calc-stepper")) {
      this.#stages.push(new Stage(stepper.closest(".calc-section"), () => keepInAddress(this.id, this.typed())));
    }
    this.restore();
    // The theme's own script, which tells of jumps, comes later than this one.
    if (globalThis.location$) this.#followJumps();
    else addEventListener("DOMContentLoaded", () => this.#followJumps(), { once: true });
  }

  // The theme writes every link out in full, so a jump within the page takes the state out of the address.
  #followJumps() {
    if (!this.widget.isConnected) return;
    const { pathname } = location;
    this.#jumps = globalThis.location$?.subscribe(() => {
      if (location.pathname === pathname) keepInAddress(this.id, this.typed());
    });
  }

  leave() {
    this.#jumps?.unsubscribe();
    leaveAddress(this.id);
    for (const stage of this.#stages) stage.stop();
  }

  // Whom to ask; one that runs code asks somebody else.
  wake() {
    return wake();
  }

  awake() {
    return awake();
  }

  ask(question) {
    return ask(question);
  }

  panels() {
    return this.widget.querySelectorAll("[data-panel]");
  }

  listen() {
    for (const sign of ["pointerdown", "keydown"]) {
      this.widget.addEventListener(sign, () => this.#prepare(), { once: true, capture: true });
    }
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.edited());
    this.form.addEventListener("keydown", (event) => this.fields.step(event) && this.edited());
    this.widget.addEventListener("click", (event) => this.press(event.target.closest("button[data-do]")));
    // Python is 50 times what the page itself weighs: it is fetched for whoever is about to type, not for reading.
    const wake = () => this.wake().catch(() => {});
    for (const sign of ["pointerenter", "focusin", "touchstart"]) {
      this.form.addEventListener(sign, () => whenPainted(wake), { once: true, passive: true });
    }
  }

  restore() {
    try {
      if (this.fill(this.linked()).length) this.edited();
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.say(error.message, "current");
    }
  }

  // What the address holds for this calculator; raises LinkError.
  linked() {
    const knows = (name) => this.fields.control(name) || this.#stages.some((stage) => `${stage.name}.at` === name);
    return typedInAddress(this.id, knows);
  }

  // Texts by name go into their fields; the names that have one are given back.
  fill(texts) {
    const filled = [];
    for (const [name, text] of texts) {
      this.#stages.find((stage) => `${stage.name}.at` === name)?.restore(text);
      if (this.fields.fill(name, text)) filled.push(name);
    }
    return filled;
  }

  question() {
    return { layer: this.widget.getAttribute("layer"), fields: this.fields.values(), panels: [...this.#baked.keys()] };
  }

  typed() {
    const steps = this.#stages.filter((stage) => stage.place).map((stage) => [`${stage.name}.at`, String(stage.place)]);
    return [...this.fields.changed(), ...steps];
  }

  edited() {
    this.noted();
    this.answerAtOnce();
    // What is answered without Python is seen before Python starts, which takes every core there is.
    const soon = this.awake() ? requestAnimationFrame : whenPainted;
    if (!this.#busy) soon(() => this.recompute());
  }

  // What follows from the calculator's trace is shown now; Python's answer stands when it comes.
  answerAtOnce() {
    const panels = this.#trace?.answer(this.fields.values());
    this.#waiting = panels && [...this.#baked.keys()].filter((name) => !(name in panels));
    if (panels) {
      this.unmark();
      this.paint(panels);
    }
    if (panels && (this.#answered || (this.awake() && this.widget.dataset.state !== "waiting"))) {
      return this.say("", "replayed");
    }
    // An interpreter that is there answers before a mark could be seen; for one that is not, what is old is marked now.
    if (this.awake() && this.widget.dataset.state !== "waiting") return;
    if (!this.#busy) this.#since = performance.now();
    this.slow();
  }

  // Whether all is answered without Python.
  get #answered() {
    return this.#waiting?.length === 0;
  }

  // Something was typed: whatever is asked now is about older text.
  noted() {
    this.#edits += 1;
    this.#waiting = null;
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
    this.#since = performance.now();
    const patience = setInterval(() => this.slow(), this.patience);
    try {
      const reply = await this.ask(this.question());
      if (this.here && edits === this.#edits) this.show(reply);
    } catch (error) {
      if (this.here && edits === this.#edits) this.failed(error);
    } finally {
      clearInterval(patience);
      this.#busy = false;
    }
    if (this.here && edits !== this.#edits) this.outdated();
  }

  // An answer may come when its page has been left.
  get here() {
    return this.widget.isConnected;
  }

  // What is waited for, said again and again, since it changes meanwhile.
  slow() {
    if (this.#answered || !this.here) return;
    this.unmark();
    if (this.awake()) this.say("Computing…", "waiting");
    else if (this.late) this.say(`Python is still not here. ${this.#old} from before.`, "waiting", true);
    else this.say("Starting Python…", "waiting");
  }

  // A slow line, or one on which nothing comes any more: only the reader can tell.
  get late() {
    return performance.now() - this.#since > LATE;
  }

  failed(error) {
    console.warn(error, error.cause);
    if (this.#answered) this.say("", "current");
    else this.say(`${error.message} ${this.#old} from before.`, "failed", true);
    this.unmark();
  }

  // What was said beside a field is about older text.
  unmark() {
    this.fields.mark({});
  }

  get #old() {
    return this.#waiting ? "What is dimmed is" : "The results below are";
  }

  again() {
    startAfresh();
    this.#edits += 1; // what was asked before need not be heard
    this.#since = performance.now();
    this.slow();
    this.recompute();
  }

  // The answer came too late: something else has been typed by now.
  outdated() {
    this.recompute();
  }

  show({ panels, errors = {} }) {
    this.fields.mark(errors);
    this.#waiting = panels ? [] : null;
    if (panels) {
      this.paint(panels);
      this.say("", "current");
    } else {
      this.say("Not computed: see the marked field. Below are the last valid results.", "stale");
    }
  }

  paint(panels) {
    for (const panel of this.panels()) {
      const name = panel.dataset.panel;
      const before = this.#shown.get(name) ?? this.#baked.get(name);
      if (panels[name] === undefined || panels[name] === before) continue;
      this.put(panels[name], panel, before);
      this.#shown.set(name, panels[name]);
      this.#stages.find((stage) => stage.name === name)?.refresh();
    }
  }

  put(html, panel, before) {
    morph(panel, before, html);
  }

  // What is not current is marked as soon as that is known, and for as long as it is so.
  say(text, state, again = false) {
    this.#status.say(text, state, again);
    const current = state === "current" || state === "replayed";
    markOld(this.widget, (name) => !current && (this.#waiting?.includes(name) ?? true));
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
    if (clears) this.fields.control(clears).value = "";
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
