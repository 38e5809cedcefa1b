// A calculator that runs pasted code: it asks the sandbox instead of the page's own Python, after a pause or when told
// to; code that came with a link is shown and not run before the reader says so.
import { Calculator } from "./calculator.js";
import { CodeAddress } from "./code-address.js";
import { Copies } from "./copies.js";
import { Examples } from "./examples.js";
import { Folds } from "./folds.js";
import { LinkError, addressOf } from "./link.js";
import { ask, end, leave, wake } from "./sandbox.js";
import { Source } from "./source.js";

const PAUSE = 600; // milliseconds without a keystroke, and it is run
const OVERDUE = 3000; // so long an answer to older text may still take
const CODE = /^(source|entry)/; // the fields that are run as code

const HELD =
  "This code came with the link. Read it, then press Run. The results below are those of the page’s own example.";
const UNREADABLE =
  "The code in this link cannot be read: the link is incomplete, or holds too much. This is the page’s own example.";
const ENDINGS = {
  time: "Python starts afresh; change the code and run it again. The results below are from before.",
  memory: "Python starts afresh; change the code and run it again. The results below are from before.",
  ended: "Change it, or press Run to run it again. The results below are from before.",
  failed: "The results below are from before. Press Run to try again.",
};

const WAITING = "Press Run to run this code. The results below are those of the page’s own example.";

// What was typed, by page and calculator, for as long as this document lives: the theme may put the page in its own
// place again at a jump within it, and a reader comes back from another page.
const typedBefore = new Map();

export class ModelCalculator extends Calculator {
  patience = 300;
  #sources = new Map();
  #examples = null;
  #folds = null;
  #copies = null;
  #address = null;
  #held = ""; // why the code is shown and waits for Run
  #pause = 0;
  #typing = 0;
  #overdue = 0;
  #wanted = false; // newer text is to be asked about as soon as the answer to the older one is here
  #awake = false;
  #key = `${location.pathname}#${this.id}`;

  start() {
    for (const control of this.form.querySelectorAll("textarea[data-code]")) {
      this.#sources.set(control.name, new Source(control));
    }
    this.#examples = new Examples(
      this.widget,
      (...example) => this.#begin(...example),
      (error) => {
        console.warn(error);
        this.say("This example could not be loaded.", this.widget.dataset.state ?? "current");
      },
    );
    this.#folds = new Folds(this.widget);
    this.#copies = new Copies(this, (form) => this.#written(form));
    this.#address = new CodeAddress(
      this.id,
      [...this.#sources.keys()],
      () => this.#changed(),
      () => this.restore(),
    );
    super.start();
    this.#stop.hidden = true;
    this.#edit();
  }

  leave() {
    super.leave();
    const texts = super.typed();
    if (texts.length) typedBefore.set(this.#key, { texts, held: this.#held, state: this.widget.dataset.state });
    else typedBefore.delete(this.#key);
    this.#address.leave();
    clearTimeout(this.#pause);
    clearTimeout(this.#typing);
    leave();
  }

  listen() {
    super.listen();
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.run();
    });
    this.widget.addEventListener("click", ({ target }) => {
      const line = target.closest("[data-panel] [data-line]")?.dataset.line;
      if (line) this.#sources.values().next().value.goTo(Number(line));
      const to = target.closest(".calc-to-line");
      if (to) this.#sources.get(to.dataset.to).goTo(Number(to.dataset.line));
    });
  }

  // The editor takes over where it can be had; the text areas do without it.
  async #edit() {
    try {
      const { editorFor } = await import("./editor.js");
      for (const [name, source] of this.#sources) this.#sources.set(name, await editorFor(source, () => this.edited()));
    } catch (error) {
      console.warn(error);
    }
  }

  get #stop() {
    return this.widget.querySelector('[data-do="stop"]');
  }

  // ------------------------------------------------------------------------------------------- Running

  edited() {
    this.noted();
    this.#address.keep();
    clearTimeout(this.#pause);
    if (this.#held) return this.say(this.#held, "held");
    this.#pause = setTimeout(() => this.#due(), PAUSE);
    // Who types on without a pause sees what is from before as such.
    this.#typing ||= setTimeout(() => this.busy || this.say("", "typing"), PAUSE);
  }

  run() {
    this.#held = "";
    clearTimeout(this.#pause);
    this.noted();
    this.#due();
  }

  #due() {
    clearTimeout(this.#typing);
    this.#typing = 0;
    if (!this.busy) return this.recompute();
    this.#wanted = true;
    clearTimeout(this.#overdue);
    this.#overdue = setTimeout(() => this.busy && this.#awake && this.#wanted && end(), OVERDUE);
  }

  outdated() {
    if (this.#wanted) this.recompute();
  }

  wake() {
    return wake();
  }

  awake() {
    return this.#awake;
  }

  async ask(question) {
    this.#wanted = this.#awake = false;
    await wake();
    this.#awake = true;
    if (this.widget.dataset.state === "waiting") this.slow();
    return ask(question);
  }

  slow() {
    if (this.#awake) this.say("Running…", "waiting");
    else if (this.late) this.say("Python is still not here. The results below are from before.", "waiting", true);
    else this.say("Starting Python…", "waiting");
  }

  failed(error) {
    if (!ENDINGS[error.kind]) console.warn(error);
    this.say(`${error.message} ${ENDINGS[error.kind] ?? ENDINGS.failed}`, "failed");
    this.unmark();
  }

  unmark() {
    super.unmark();
    for (const name of this.#sources.keys()) this.#markLine(name, 0);
  }

  again() {
    end();
    this.run();
  }

  say(text, state, again) {
    super.say(text, state, again);
    this.#stop.hidden = state !== "waiting";
    this.#copies.offer();
  }

  // ------------------------------------------------------------------------------------------- Results

  show(reply) {
    super.show(reply);
    const { errors = {}, line = 0 } = reply;
    for (const name of this.#sources.keys()) this.#markLine(name, name in errors ? line : 0);
  }

  #markLine(name, line) {
    this.#sources.get(name).mark(line);
    const to = this.widget.querySelector(`.calc-to-line[data-to="${name}"]`);
    to.hidden = !line;
    to.dataset.line = line;
    to.textContent = `Go to line ${line}`;
  }

  // Which parts are open is not the panel's to say; see `Folds`.
  put(html, panel) {
    panel.innerHTML = html;
  }

  paint(panels) {
    super.paint(panels);
    this.#folds.restore();
  }

  acts(button) {
    return {
      ...super.acts(button),
      run: () => this.run(),
      stop: () => end(),
      link: async () => this.copy(button, await this.#address.complete(addressOf(this.id, this.typed()))),
      "copy-as": () => this.#copies.copy(button),
      download: () => this.#copies.download(),
    };
  }

  async #written(form) {
    const { layer, fields } = this.question();
    await wake();
    const { text, errors } = await ask({ layer, fields, form });
    if (errors) throw new Error(Object.values(errors).join(" "));
    return text;
  }

  reset() {
    clearTimeout(this.#pause);
    clearTimeout(this.#typing);
    this.#typing = 0;
    this.#held = "";
    this.#wanted = false;
    if (this.busy) end();
    this.#examples.forget();
    this.#folds.forget();
    super.reset();
    for (const source of this.#sources.values()) source.refresh();
    this.#address.keep();
  }

  // ------------------------------------------------------------------------------------------- Examples

  #begin(name, text, fields) {
    const source = this.#sources.get(name);
    source.write(text);
    const suffix = name.slice("source".length);
    this.fill(Object.entries(fields).map(([field, text]) => [this.fields.control(field + suffix) ? field + suffix : field, text]));
    this.#folds.forget();
    // Another source of the form may still be one that came with the link.
    if (this.#held && this.#sources.size > 1) return this.edited();
    this.#address.keep();
    this.run();
  }

  // ------------------------------------------------------------------------------------------- Address

  // What the query holds; code is in the fragment.
  typed() {
    return super.typed().filter(([name]) => !this.#sources.has(name));
  }

  #changed() {
    const changed = [...this.#sources.values()].filter((each) => each.changed);
    return changed.map(({ name, control }) => [name, control.value]);
  }

  async restore() {
    const before = typedBefore.get(this.#key);
    if (!this.#address.held && before) return this.#resume(before);
    let code, linked;
    try {
      linked = this.linked();
      code = (await this.#address.read()) ?? [];
    } catch (error) {
      console.warn(error);
      return this.say(error instanceof LinkError ? error.message : UNREADABLE, "current");
    }
    if (!this.widget.isConnected) return;
    if (code.length) this.widget.scrollIntoView();
    // Back to one's own code, which is no news from a link.
    if (code.length && code.every(([name, text]) => this.fields.control(name).value === text)) return;
    const own = new Map(before?.texts);
    if (code.length && code.every(([name, text]) => own.get(name) === text)) return this.#resume(before);
    const filled = this.#fillAll([...linked, ...code]);
    if (filled.some((name) => CODE.test(name))) this.#hold(HELD);
    else if (filled.length) this.edited();
  }

  #resume({ texts, held, state }) {
    const filled = this.#fillAll(texts);
    // What was stopped is not run again by itself.
    if (held) this.#hold(held);
    else if (state === "failed" || state === "waiting") this.#hold(WAITING);
    else if (filled.length) this.edited();
  }

  #fillAll(texts) {
    const filled = this.fill(texts);
    for (const source of this.#sources.values()) source.refresh();
    return filled;
  }

  #hold(reason) {
    this.#held = reason;
    clearTimeout(this.#pause);
    clearTimeout(this.#typing);
    this.#typing = 0;
    if (this.busy) end();
    this.noted();
    this.say(reason, "held");
  }
}
