// A calculator that runs pasted code: it asks the sandbox instead of the page's own Python, after a pause or when told
// to; code that came with a link is shown and not run before the reader says so.
import { Calculator } from "./calculator.js";
import { Folds } from "./folds.js";
import { KINDS, download, fileName, pngBlob, svgText } from "./keep.js";
import { addressOf, typedInAddress } from "./link.js";
import { fragmentOf, packedInAddress, unpack } from "./packed.js";
import { ask, end, wake } from "./sandbox.js";
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

export class ModelCalculator extends Calculator {
  patience = 300;
  #sources = new Map();
  #folds = null;
  #held = false; // code of a link is shown, and waits for Run
  #pause = 0;
  #overdue = 0;
  #wanted = false; // newer text is to be asked about as soon as the answer to the older one is here
  #awake = false;
  #writing = 0;
  #followed = () => packedInAddress(this.id) && this.#fragment !== location.hash && this.restore();
  #fragment = location.hash; // as this calculator last read or wrote it

  start() {
    for (const control of this.form.querySelectorAll("textarea[data-code]")) {
      this.#sources.set(control.name, new Source(control));
    }
    for (const tool of this.widget.querySelectorAll(".calc-examples, .calc-copies")) tool.hidden = false;
    this.#folds = new Folds(this.widget);
    super.start();
    this.#stop.hidden = true;
    this.#edit();
  }

  leave() {
    super.leave();
    removeEventListener("hashchange", this.#followed);
    clearTimeout(this.#pause);
    clearTimeout(this.#writing);
    if (this.busy) end();
  }

  listen() {
    super.listen();
    addEventListener("hashchange", this.#followed);
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.run();
    });
    this.widget.querySelector(".calc-copies")?.addEventListener("change", () => this.#offer());
    this.form.addEventListener("change", ({ target }) => target.dataset.examples && this.#begin(target));
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
      for (const [name, source] of this.#sources) this.#sources.set(name, await editorFor(source));
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
    this.#keepCode();
    clearTimeout(this.#pause);
    if (this.#held) this.say(HELD, "held");
    else this.#pause = setTimeout(() => this.#due(), PAUSE);
  }

  run() {
    this.#held = false;
    clearTimeout(this.#pause);
    this.noted();
    this.#due();
  }

  #due() {
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

  async ask(question) {
    this.#wanted = this.#awake = false;
    await wake();
    this.#awake = true;
    if (this.widget.dataset.state === "waiting") this.slow();
    return ask(question);
  }

  slow() {
    this.say(this.#awake ? "Running…" : "Starting Python…", "waiting");
  }

  failed(error, current) {
    if (!current) return;
    if (!ENDINGS[error.kind]) console.warn(error);
    this.say(`${error.message} ${ENDINGS[error.kind] ?? ENDINGS.failed}`, "failed");
  }

  say(text, state) {
    super.say(text, state);
    this.#stop.hidden = state !== "waiting";
    this.#offer();
  }

  // What can be taken out of the page now: nothing that is not current, and a PNG only as a file.
  #offer() {
    const { state = "current" } = this.widget.dataset;
    for (const button of this.widget.querySelectorAll(".calc-copies button")) {
      button.disabled = state !== "current" || (button.dataset.do === "copy-as" && this.#form === "png");
    }
  }

  // ------------------------------------------------------------------------------------------- Results

  show(reply) {
    super.show(reply);
    const { errors = {}, line = 0 } = reply;
    for (const [name, source] of this.#sources) {
      const wrong = name in errors ? line : 0;
      source.mark(wrong);
      const to = this.widget.querySelector(`.calc-to-line[data-to="${name}"]`);
      to.hidden = !wrong;
      to.dataset.line = wrong;
      to.textContent = `Go to line ${wrong}`;
    }
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
      link: async () => this.copy(button, await this.#address()),
      "copy-as": () => this.#take(async () => this.copy(button, await (await this.#kept()).text())),
      download: () => this.#take(async () => download(this.#fileName(), await this.#kept())),
    };
  }

  get #form() {
    return this.widget.querySelector(".calc-copies select").value;
  }

  async #take(taking) {
    try {
      await taking();
    } catch (error) {
      console.warn(error);
      this.say(error.message, this.widget.dataset.state);
    }
  }

  // The answer in the chosen form, as a file.
  async #kept() {
    const form = this.#form;
    const drawing = this.widget.querySelector('[data-panel="diagram"] svg.calc-svg');
    if (form === "png") return pngBlob(drawing);
    const text = form === "svg" ? svgText(drawing) : await this.#written(form);
    return new Blob([text], { type: KINDS[form].type });
  }

  async #written(form) {
    const { layer, fields } = this.question();
    await wake();
    const { text, errors } = await ask({ layer, fields, form });
    if (errors) throw new Error(Object.values(errors).join(" "));
    return text;
  }

  #fileName() {
    return fileName(this.control("entry")?.value ?? "", this.#form);
  }

  reset() {
    clearTimeout(this.#pause);
    this.#held = this.#wanted = false;
    if (this.busy) end();
    for (const list of this.widget.querySelectorAll("[data-examples]")) list.value = "";
    this.#folds.forget();
    super.reset();
    for (const source of this.#sources.values()) source.refresh();
    this.#keepCode();
  }

  // ------------------------------------------------------------------------------------------- Examples

  async #begin(list) {
    const [chosen] = list.selectedOptions;
    const { file, ...fields } = chosen.dataset;
    if (!file) return;
    const source = this.#sources.get(list.dataset.examples);
    try {
      const response = await fetch(new URL(`../models/${file}.py`, import.meta.url));
      if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
      const text = await response.text();
      if (list.selectedOptions[0] !== chosen) return;
      source.write(text);
    } catch (error) {
      console.warn(error);
      return this.say("This example could not be loaded.", this.widget.dataset.state);
    }
    const suffix = source.name.slice("source".length);
    this.fill(Object.entries(fields).map(([name, text]) => [this.control(name + suffix) ? name + suffix : name, text]));
    this.#folds.forget();
    // Another source of the form may still be one that came with the link.
    if (this.#held && this.#sources.size > 1) return this.edited();
    this.#keepCode();
    this.run();
  }

  // ------------------------------------------------------------------------------------------- Address

  // What the query holds; code is in the fragment.
  typed() {
    return super.typed().filter(([name]) => !this.#sources.has(name));
  }

  #changedSources() {
    const changed = [...this.#sources.values()].filter((each) => each.changed);
    return changed.map(({ name, control }) => [name, control.value]);
  }

  async #address() {
    const url = new URL(addressOf(this.id, this.typed()));
    url.hash = await fragmentOf(this.id, this.#changedSources());
    return url.href;
  }

  #keepCode() {
    clearTimeout(this.#writing);
    this.#writing = setTimeout(async () => {
      const { pathname } = location;
      const sources = this.#changedSources();
      const url = new URL(location.href);
      const fragment = await fragmentOf(this.id, sources);
      if (!this.widget.isConnected || location.pathname !== pathname) return;
      if (!sources.length && !packedInAddress(this.id)) return; // a heading's anchor stays
      url.search = location.search;
      url.hash = sources.length ? fragment : "";
      if (url.href === location.href) return;
      history.replaceState(history.state, "", url);
      this.#fragment = location.hash;
    }, 400);
  }

  async restore() {
    const packed = packedInAddress(this.id);
    this.#fragment = location.hash;
    const code = [];
    try {
      for (const [name, text] of packed ?? []) {
        if (this.#sources.has(name)) code.push([name, await unpack(text ?? "")]);
      }
    } catch (error) {
      console.warn(error);
      return this.say(UNREADABLE, "current");
    }
    if (!this.widget.isConnected) return;
    const filled = this.fill([...typedInAddress(this.id), ...code]);
    for (const source of this.#sources.values()) source.refresh();
    if (packed) this.widget.scrollIntoView();
    this.#held = filled.some((name) => CODE.test(name));
    if (this.#held && this.busy) end();
    if (this.#held) {
      clearTimeout(this.#pause);
      this.noted();
      this.say(HELD, "held");
    } else if (filled.length) this.edited();
  }
}
