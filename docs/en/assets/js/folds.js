// Which parts of a panel the reader opened or closed, by their path in the model: a panel painted anew keeps to it.
export class Folds {
  #root;
  #open = new Map();

  constructor(root) {
    this.#root = root;
    root.addEventListener("click", ({ target }) => {
      const folded = target.closest("summary")?.parentElement;
      // The click has not been acted upon yet.
      if (folded?.matches("[data-panel] details[data-path]")) this.#open.set(this.#key(folded), !folded.open);
    });
  }

  #key(folded) {
    return `${folded.closest("[data-panel]").dataset.panel} ${folded.dataset.path}`;
  }

  restore() {
    for (const folded of this.#root.querySelectorAll("[data-panel] details[data-path]")) {
      const open = this.#open.get(this.#key(folded));
      if (open !== undefined) folded.open = open;
    }
  }

  forget() {
    this.#open.clear();
  }
}
