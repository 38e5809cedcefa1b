// A text area with Python in it becomes an editor (prism-code-editor). The editor's own text area takes the place of
// the form's: same name, id and default, so that the form, links and reset know of no editor.
import { editorFolder } from "./runtime.js";
import { Source } from "./source.js";

const asset = (name) => new URL(`../${editorFolder}/${name}`, import.meta.url).href;
let library = null;

function load() {
  library ??= Promise.all([
    import(asset("index.js")),
    import(asset("extensions/commands/index.js")),
    import(asset("extensions/matchBrackets/index.js")),
    import(asset("extensions/matchBrackets/highlight.js")),
    import(asset("utils/index.js")),
    import(asset("languages/python.js")),
    import(asset("prism/languages/python.js")),
    layout(),
  ]).then((modules) => Object.assign({}, ...modules));
  library.catch(() => (library = null));
  return library;
}

// The theme's navigation takes unknown style sheets out of the head; an adopted one stays.
async function layout() {
  const response = await fetch(asset("layout.css"));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  document.adoptedStyleSheets.push(await new CSSStyleSheet().replace(await response.text()));
}

// Raises where the editor's files cannot be had; the text area is as it was then.
export async function editorFor({ control }) {
  const parts = await load();
  return new Editor(control, parts);
}

class Editor extends Source {
  #editor;
  #insertText;

  constructor(plain, { createEditor, editorCommands, defaultKeymap, matchBrackets, highlightBracketPairs, insertText }) {
    // Ctrl+Enter runs the model.
    const { "Mod+Enter": _, ...keymap } = defaultKeymap;
    const editor = createEditor(
      null,
      { language: "python", tabSize: 4, insertSpaces: true, class: "calc-editor" },
      editorCommands(keymap),
      matchBrackets(false),
      highlightBracketPairs(),
    );
    super(editor.textarea);
    this.#editor = editor;
    this.#insertText = insertText;
    this.#takeOver(plain);
  }

  #takeOver(plain) {
    const { control } = this;
    for (const name of ["id", "name", "aria-describedby", "data-code"]) control.setAttribute(name, plain.getAttribute(name));
    const keys = document.getElementById(`${plain.id}.keys`);
    keys.hidden = false;
    control.setAttribute("aria-describedby", `${plain.getAttribute("aria-describedby")} ${keys.id}`);
    if (plain.hasAttribute("aria-invalid")) control.setAttribute("aria-invalid", "true");
    control.defaultValue = plain.defaultValue;
    control.value = plain.value;
    const focused = document.activeElement === plain;
    const place = [plain.selectionStart, plain.selectionEnd, plain.selectionDirection];
    const { container } = this.#editor;
    plain.replaceWith(container);
    this.refresh();
    control.setSelectionRange(...place);
    if (focused) control.focus({ preventScroll: true });
    container.scrollTop = plain.scrollTop;
  }

  refresh() {
    this.#editor.update();
  }

  write(text) {
    const before = document.activeElement;
    this.#insertText(this.#editor, text, 0, this.control.value.length, 0);
    if (this.control.value !== text) {
      this.control.value = text;
      this.refresh();
    }
    // Only typing takes the focus.
    if (before !== this.control) this.control.blur();
    before?.focus({ preventScroll: true });
    this.#editor.container.scrollTop = 0;
  }

  mark(line) {
    for (const each of this.#editor.wrapper.querySelectorAll(".calc-faulty-line")) each.classList.remove("calc-faulty-line");
    if (line) this.#editor.lines[line]?.classList.add("calc-faulty-line");
  }

  reveal(line) {
    this.#editor.lines[line]?.scrollIntoView({ block: "center" });
  }
}
