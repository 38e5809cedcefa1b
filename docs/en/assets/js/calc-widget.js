// <calc-widget>: complete as baked; once in a page it has somebody who takes what is typed to Python and back.
import { Calculator } from "./calculator.js";
import { LATE, Status } from "./status.js";

class CalcWidget extends HTMLElement {
  #calculator = null;
  #status = null;
  #parts = null;

  connectedCallback() {
    this.#parts?.disconnect();
    if (this.#whole) return this.#start();
    this.#parts = new MutationObserver(() => {
      if (!this.#whole) return;
      this.#parts.disconnect();
      this.#start();
    });
    this.#parts.observe(this, { childList: true });
  }

  // While the page is being parsed, an element is there before what is in it. What a reader without scripts is told
  // stands last.
  get #whole() {
    return document.readyState !== "loading" || this.querySelector(":scope > noscript");
  }

  async #start() {
    if (!this.isConnected || this.#calculator) return;
    if (!this.hasAttribute("sandboxed")) return this.#begin(Calculator);
    this.#status ??= new Status(this, () => this.#start());
    const patience = setTimeout(() => this.#say("The form is still being loaded. Load the page anew to try again."), LATE);
    try {
      // Only a page that runs code loads what that takes.
      const { ModelCalculator } = await import("./model-widget.js");
      if (this.isConnected && !this.#calculator) this.#begin(ModelCalculator);
    } catch (error) {
      console.warn(error);
      this.#say("The form could not be loaded.", true);
    } finally {
      clearTimeout(patience);
    }
  }

  // The numbers below are those of the form as it stands, so they are current.
  #say(text, again) {
    if (!this.#calculator) this.#status.say(`${text} Below is the page’s own example.`, "failed", again);
  }

  disconnectedCallback() {
    this.#parts?.disconnect();
    this.#calculator?.leave();
  }

  #begin(Kind) {
    this.#status?.leave();
    this.#calculator = new Kind(this);
    this.#calculator.start();
  }
}

customElements.define("calc-widget", CalcWidget);
