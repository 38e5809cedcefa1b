// The line below a calculator with which its answer is copied or kept: as text in several forms, or as a picture.
import { KINDS, download, fileName, pngBlob, svgText } from "./keep.js";

export class Copies {
  #calculator;
  #line;

  // `written` asks for the answer as text in a form.
  constructor(calculator, written) {
    this.#calculator = calculator;
    this.#line = calculator.widget.querySelector(".calc-copies");
    this.written = written;
    if (!this.#line) return;
    this.#line.hidden = false;
    this.#line.addEventListener("change", () => this.offer());
  }

  // Nothing that is not current can be taken, and a PNG only as a file.
  offer() {
    const { state = "current" } = this.#calculator.widget.dataset;
    for (const button of this.#line?.querySelectorAll("button") ?? []) {
      button.disabled = state !== "current" || (button.dataset.do === "copy-as" && this.#form === "png");
    }
  }

  copy(button) {
    return this.#take(async () => this.#calculator.copy(button, await (await this.#kept()).text()));
  }

  download() {
    const expression = this.#calculator.fields.control("entry")?.value ?? "";
    return this.#take(async () => download(fileName(expression, this.#form), await this.#kept()));
  }

  get #form() {
    return this.#line.querySelector("select").value;
  }

  async #take(taking) {
    try {
      await taking();
    } catch (error) {
      console.warn(error);
      this.#calculator.say(error.message, "current");
    }
  }

  async #kept() {
    const form = this.#form;
    const drawing = this.#calculator.widget.querySelector('[data-panel="diagram"] svg.calc-svg');
    if (form === "png") return pngBlob(drawing);
    const text = form === "svg" ? svgText(drawing) : await this.written(form);
    return new Blob([text], { type: KINDS[form].type });
  }
}
