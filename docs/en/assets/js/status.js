export const LATE = 15_000; // milliseconds until it is said that something does not come to an end

// What a calculator says of itself at its head: one sentence, and a button where something can be tried again.
export class Status {
  #widget;
  #place;
  #again;

  // `again` is called when the reader presses the button.
  constructor(widget, again) {
    this.#widget = widget;
    this.#place = widget.querySelector(".calc-status");
    this.#again = document.createElement("button");
    this.#again.type = "button";
    this.#again.className = "calc-again";
    this.#again.textContent = "Try again";
    this.#again.hidden = true;
    this.#again.addEventListener("click", () => again());
    this.#place.after(this.#again);
    this.#place.tabIndex = -1;
  }

  // The place is somebody else's.
  leave() {
    this.#again.remove();
    if (this.#widget.dataset.state === "failed") this.say("", "current");
  }

  say(text, state, again = false) {
    this.#widget.dataset.state = state;
    if (this.#place.textContent !== text) this.#place.textContent = text;
    // A button that goes while it has the focus would take the reader's place along.
    if (!again && document.activeElement === this.#again) this.#place.focus({ preventScroll: true });
    this.#again.hidden = !again;
  }
}

// Results of something else than what stands in the form: in sight, and said with the name of each part.
export function markOld(widget, isOld) {
  for (const panel of widget.querySelectorAll("[data-panel]")) {
    const section = panel.closest(".calc-section");
    const old = isOld(panel.dataset.panel);
    if (old === section.hasAttribute("data-old")) continue;
    section.toggleAttribute("data-old", old);
    const name = section.getAttribute("aria-label").replace(/, not current$/, "");
    section.setAttribute("aria-label", old ? `${name}, not current` : name);
  }
}
