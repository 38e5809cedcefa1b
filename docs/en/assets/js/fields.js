// What stands in a calculator's form. Controls are never written again, so focus and caret stay where they are.
const KINDS = [HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement];
const LONGEST = 60; // letters that are shown of a word that no list offers

export class Fields {
  #form;

  constructor(form) {
    this.#form = form;
  }

  control(name) {
    const control = this.#form.elements.namedItem(name);
    return KINDS.some((kind) => control instanceof kind) ? control : null;
  }

  get #controls() {
    return [...this.#form.elements].filter((each) => each.name);
  }

  values() {
    return Object.fromEntries(this.#controls.map((each) => [each.name, each.value]));
  }

  // Name and text of those that differ from what the page came with.
  changed() {
    const differs = (each) =>
      each instanceof HTMLSelectElement
        ? !each.selectedOptions[0]?.defaultSelected
        : each.value !== each.defaultValue;
    return this.#controls.filter(differs).map((each) => [each.name, each.value]);
  }

  // Says whether there is such a field.
  fill(name, text) {
    const control = this.control(name);
    if (!control) return false;
    // A word that is not on offer stays visible, so that the message about it makes sense.
    if (control instanceof HTMLSelectElement && ![...control.options].some(({ value }) => value === text)) {
      control.add(new Option(text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}…` : text, text));
    }
    control.value = text;
    return true;
  }

  // What is wrong, by name; what has no message is right.
  mark(messages) {
    for (const control of this.#controls) {
      const message = messages[control.name] ?? "";
      const place = document.getElementById(`${control.id}.error`);
      if (place.textContent !== message) place.textContent = message;
      place.hidden = !message;
      if (message) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }

  // Up and down change a whole number by one, as in a number field. Says whether something has changed.
  step(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const control = event.target;
    if (!by || !(control instanceof HTMLInputElement) || !/^-?[0-9]{1,15}$/.test(control.value)) return false;
    event.preventDefault();
    const least = Number(control.dataset.least ?? -Infinity);
    control.value = String(Math.max(Number(control.value) + by, least));
    return true;
  }
}
