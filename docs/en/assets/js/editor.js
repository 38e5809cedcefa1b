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

// Raises where the editor's files cannot be had; the text area is as it was then, as it is where the page has been left
// in the meantime. `changed` is told of what the editor does by itself, such as an undo; typing is told by the form.
export async function editorFor(source, changed) {
  const parts = await load();
  return source.control.isConnected ? new Editor(source.control, changed, parts) : source;
}

class Editor extends Source {
  #editor;
  #insertText;
  #quiet = false;

  constructor(plain, changed, parts) {
    const { createEditor, editorCommands, defaultKeymap, editHistory, matchBrackets, highlightBracketPairs } = parts;
    // Ctrl+Enter runs the model.
    const { "Mod+Enter": _, ...keymap } = defaultKeymap;
    const editor = createEditor(
      null,
      { language: "python", value: plain.value, tabSize: 4, insertSpaces: true, class: "calc-editor" },
      editorCommands(keymap),
      editHistory(), // the browser's own loses its way where a script sets the text
      matchBrackets(false),
      highlightBracketPairs(),
    );
    super(editor.textarea);
    this.#editor = editor;
    this.#insertText = parts.insertText;
    this.#takeOver(plain);
    let before = plain.value;
    editor.on("update", (value) => {
      if (!this.#quiet && value !== before) changed();
      before = value;
    });
  }

  #takeOver(plain) {
    const { control } = this;
    for (const name of ["id", "name", "aria-describedby", "data-code"]) control.setAttribute(name, plain.getAttribute(name));
    const keys = document.getElementById(`${plain.id}.keys`);
    keys.hidden = false;
    control.setAttribute("aria-describedby", `${plain.getAttribute("aria-describedby")} ${keys.id}`);
    if (plain.hasAttribute("aria-invalid")) control.setAttribute("aria-invalid", "true");
    control.defaultValue = plain.defaultValue;
    const focused = document.activeElement === plain;
    const place = [plain.selectionStart, plain.selectionEnd, plain.selectionDirection];
    const { container } = this.#editor;
    plain.replaceWith(container);
    control.setSelectionRange(...place);
    if (focused) control.focus({ preventScroll: true });
    container.scrollTop = plain.scrollTop;
  }

  // As if somebody had put the text there, so that it can be undone; but not told to the form.
  refresh() {
    this.#quiet = true;
    for (const kind of ["beforeinput", "input"]) {
      this.control.dispatchEvent(new InputEvent(kind, { inputType: "insertReplacementText" }));
    }
    this.#quiet = false;
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
