// A picture that is gone through step by step, or asked cell by cell. The panel's own list says what there
// is to see at each step; here is only the going. Cells are lit by rules in a style sheet beside the page,
// so that the panel stays the very string that Python gave.
const PACE = 1200; // milliseconds to read a step while it plays

// Where the pointer was last; a panel's own listeners run before this one.
let pointer = { x: NaN, y: NaN };
document.addEventListener("pointermove", ({ clientX, clientY }) => (pointer = { x: clientX, y: clientY }), { passive: true });

export class Stage {
  #section;
  #panel;
  #scope;
  #changed;
  #sheet = new CSSStyleSheet();
  #steps = [];
  #entries = new Map(); // what each cell has to say: a step or a note
  #pinned = null; // the entry that stays when the pointer goes
  #shown = null; // what is said and lit now
  #awaited = 0; // a step of a link that the picture as built does not have, and the recomputed one may
  #timer = 0;

  constructor(section, changed) {
    this.#section = section;
    this.#panel = section.querySelector("[data-panel]");
    this.#scope = `#${CSS.escape(section.closest("calc-widget").id)} [data-panel="${this.name}"]`;
    this.#changed = changed;
    document.adoptedStyleSheets.push(this.#sheet);
    section.querySelector(".calc-stepper").hidden = false;
    section.addEventListener("click", (event) => this.#press(event));
    this.#slider.addEventListener("input", () => {
      this.#pause();
      this.#turn(Number(this.#slider.value));
    });
    this.#panel.addEventListener("pointermove", (event) => this.#point(event));
    this.#panel.addEventListener("pointerleave", () => this.#show(this.#pinned));
    this.#panel.addEventListener("keydown", (event) => this.#walk(event));
    this.refresh();
  }

  get name() {
    return this.#panel.dataset.panel;
  }

  // The step that the reader has gone to, counted from 1; 0 is the whole picture.
  get at() {
    return this.#steps.indexOf(this.#pinned) + 1;
  }

  // The same for the address, which keeps a step that is still awaited.
  get place() {
    return this.#awaited || this.at;
  }

  get #slider() {
    return this.#section.querySelector(".calc-stepper input");
  }

  // The panel was painted anew: its steps are others, the place among them stays.
  refresh() {
    const at = this.place;
    this.#awaited = 0;
    const entry = (item, cell) => ({ cell, lights: item.dataset.lights.split(" ").filter(Boolean), said: item.textContent });
    const items = (kind) => [...this.#panel.querySelectorAll(`li[data-${kind}]`)].map((item) => entry(item, item.dataset[kind]));
    this.#steps = items("step");
    this.#entries = new Map();
    for (const each of [...this.#steps, ...items("note")]) {
      if (!this.#entries.has(each.cell)) this.#entries.set(each.cell, each);
    }
    this.#slider.max = String(this.#steps.length);
    this.#pin(this.#steps[Math.min(at, this.#steps.length) - 1] ?? null);
  }

  go(number) {
    this.#pin(this.#steps[number - 1] ?? null);
  }

  // As a link says: a step that comes with what the link's fields are answered with is waited for; what is no number
  // of a step is the whole picture.
  restore(text) {
    const number = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
    this.#awaited = number > this.#steps.length ? number : 0;
    this.go(number);
  }

  reset() {
    this.#pause();
    this.#awaited = 0;
    this.go(0);
  }

  stop() {
    this.#pause();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== this.#sheet);
  }

  // What the reader chose, and not only pointed at.
  #turn(number) {
    this.go(Math.max(0, Math.min(number, this.#steps.length)));
    this.#reveal();
    this.#changed();
  }

  // A drawing that is wider than the screen scrolls in its own box, and only sideways: the page stays where it is.
  #reveal() {
    const scene = this.#panel.querySelector(".calc-stage");
    const cell = this.#pinned && scene.querySelector(`[data-cell="${CSS.escape(this.#pinned.cell)}"]`);
    if (!cell) return;
    const [box, frame] = [cell, scene].map((each) => each.getBoundingClientRect());
    if (box.left >= frame.left && box.right <= frame.right) return;
    scene.scrollLeft += (box.left + box.right - frame.left - frame.right) / 2;
  }

  #pin(entry) {
    this.#pinned = entry;
    this.#show(entry);
  }

  #show(entry) {
    this.#shown = entry;
    const { at } = this;
    const said = this.#section.querySelector(".calc-said");
    const words = entry?.said ?? "Step through it, or point at a cell.";
    if (said.textContent !== words) said.textContent = words;
    this.#slider.value = String(at);
    this.#slider.setAttribute("aria-valuetext", at ? this.#pinned.said : "The whole picture");
    this.#section.querySelector("output").textContent = at ? `${at} of ${this.#steps.length}` : `${this.#steps.length} steps`;
    const cells = (names) => names.map((name) => `${this.#scope} [data-cell="${CSS.escape(name)}"]`).join();
    this.#sheet.replaceSync(
      entry
        ? `${cells(entry.lights) || "nothing"} { --calc-mark: var(--calc-lit); --calc-mark-fill: var(--calc-lit-fill); --calc-mark-width: 2.5; }
           ${cells([entry.cell])} { --calc-mark: var(--calc-about); --calc-mark-fill: var(--calc-about-fill); --calc-mark-width: 3; }`
        : "",
    );
  }

  // A page that scrolls below a resting pointer is no pointing: keys would lose against it.
  #point(event) {
    if (pointer.x === event.clientX && pointer.y === event.clientY) return;
    const entry = this.#under(event) ?? this.#pinned;
    if (entry !== this.#shown) this.#show(entry);
  }

  #under(event) {
    return this.#entries.get(event.target.closest("[data-cell]")?.dataset.cell);
  }

  #press(event) {
    const entry = this.#under(event);
    const going = event.target.closest("button[data-go]")?.dataset.go;
    if (!entry && !going) return;
    const playing = this.#timer;
    this.#pause();
    if (entry) {
      this.#pin(entry);
      this.#changed();
    }
    if (going === "next") this.#turn(this.at + 1);
    if (going === "back") this.#turn(this.at - 1);
    if (going === "play" && !playing) this.#play();
  }

  #play() {
    const button = this.#section.querySelector('[data-go="play"]');
    button.textContent = "Pause";
    this.#turn(this.at < this.#steps.length ? this.at + 1 : 1);
    this.#timer = setInterval(() => {
      if (this.at < this.#steps.length) this.#turn(this.at + 1);
      else this.#pause();
    }, PACE);
  }

  #pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#section.querySelector('[data-go="play"]').textContent = "Play";
  }

  // Arrow keys go to the nearest cell that way, whatever the picture looks like.
  #walk(event) {
    if (!event.target.matches(".calc-stage")) return;
    const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    const ends = { Home: 1, End: this.#steps.length, Escape: 0 };
    if (!(event.key in ways) && !(event.key in ends)) return;
    event.preventDefault();
    this.#pause();
    if (event.key in ends) this.#turn(ends[event.key]);
    else {
      this.#pin(this.#pinned ? this.#neighbour(...ways[event.key]) : (this.#steps[0] ?? null));
      this.#reveal();
      this.#changed();
    }
  }

  #neighbour(right, down) {
    const middles = new Map();
    for (const cell of this.#panel.querySelectorAll("[data-cell]")) {
      const box = cell.getBoundingClientRect();
      const entry = this.#entries.get(cell.dataset.cell);
      // Of a cell that is drawn twice the first drawing is where it stands.
      if (entry && !middles.has(entry)) middles.set(entry, [box.x + box.width / 2, box.y + box.height / 2]);
    }
    const [x, y] = middles.get(this.#pinned) ?? [0, 0];
    let [best, least] = [this.#pinned, Infinity];
    for (const [entry, [otherX, otherY]] of middles) {
      const ahead = (otherX - x) * right + (otherY - y) * down;
      const aside = Math.abs((otherX - x) * down) + Math.abs((otherY - y) * right);
      // Straight ahead comes before nearer but aside.
      if (ahead > 1 && aside <= ahead && ahead + 3 * aside < least) [best, least] = [entry, ahead + 3 * aside];
    }
    return best;
  }
}
