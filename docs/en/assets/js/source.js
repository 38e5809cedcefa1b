// A source in its text area, as the page has it before the editor arrives, or without it.
export class Source {
  constructor(control) {
    this.control = control;
  }

  get name() {
    return this.control.name;
  }

  get changed() {
    return this.control.value !== this.control.defaultValue;
  }

  // The control's text was set by somebody else than the reader.
  refresh() {}

  // Replaces the text as if it had been typed, so that it can be undone where the editor allows it.
  write(text) {
    this.control.value = text;
  }

  // Line numbers count from 1; 0 takes the mark away.
  mark() {}

  goTo(line) {
    const before = this.control.value.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, each) => sum + each.length + 1, 0);
    this.control.focus({ preventScroll: true });
    this.control.setSelectionRange(start, start);
    this.reveal(line);
  }

  reveal(line) {
    const height = parseFloat(getComputedStyle(this.control).lineHeight);
    this.control.scrollTop = (line - 1) * height - this.control.clientHeight / 2;
    this.control.scrollIntoView({ block: "nearest" });
  }
}
