// The lists beside the editors: an example's source is fetched when it is chosen.
export class Examples {
  #lists;

  // `chosen` is given the name of the source, its text, and what goes into the fields beside it; `failed` the error.
  constructor(widget, chosen, failed) {
    this.#lists = [...widget.querySelectorAll("[data-examples]")];
    for (const list of this.#lists) {
      list.closest(".calc-examples").hidden = false;
      list.addEventListener("input", (event) => event.stopPropagation()); // a choice is no edit; it makes one
      list.addEventListener("change", () => this.#choose(list, chosen).catch(failed));
    }
  }

  forget() {
    for (const list of this.#lists) list.value = "";
  }

  async #choose(list, chosen) {
    const [option] = list.selectedOptions;
    const { file, ...fields } = option.dataset;
    if (!file) return;
    const response = await fetch(new URL(`../models/${file}.py`, import.meta.url));
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    const text = await response.text();
    if (list.selectedOptions[0] === option) chosen(list.dataset.examples, text, fields);
  }
}
