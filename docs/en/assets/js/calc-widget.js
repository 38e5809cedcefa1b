// <calc-widget>: complete as baked; once in a page it has somebody who takes what is typed to Python and back.
import { Calculator } from "./calculator.js";

class CalcWidget extends HTMLElement {
  #calculator = null;

  async connectedCallback() {
    if (!this.isConnected || this.#calculator) return;
    if (!this.hasAttribute("sandboxed")) return this.#begin(Calculator);
    try {
      // Only a page that runs code loads what that takes.
      const { ModelCalculator } = await import("./model-widget.js");
      if (this.isConnected && !this.#calculator) this.#begin(ModelCalculator);
    } catch (error) {
      console.warn(error);
    }
  }

  disconnectedCallback() {
    this.#calculator?.leave();
  }

  #begin(Kind) {
    this.#calculator = new Kind(this);
    this.#calculator.start();
  }
}

customElements.define("calc-widget", CalcWidget);
