// How formulas are typeset, at build time and in the browser alike.
const options = { throwOnError: true, strict: "error", output: "htmlAndMathml" };
const drawn = '<span class="katex-html" aria-hidden="true">';

export function typeset(katex, tex, displayMode = false) {
  const html = katex.renderToString(tex, { ...options, displayMode });
  // KaTeX writes each formula three times: for reading aloud, as TeX, and drawn. Search keeps
  // the first; it leaves out an element by its tag's name, so the drawing gets one of its own.
  const ends = displayMode ? "</span></span>" : "</span>";
  const body = html.slice(0, -`</span>${ends}`.length);
  return `${body.replace(drawn, '<katex-html class="katex-html" aria-hidden="true" data-search-exclude="">')}</katex-html>${ends}`
    // A formula on a line of its own may scroll on a phone, so the keyboard must reach it.
    .replace('<span class="katex-display">', '<span class="katex-display" tabindex="0">')
    .replace("<annotation ", '<annotation data-search-exclude="" ')
    // A browser writes an apostrophe back as it is, a space that does not break by its name, and the
    // path of a root with an end tag; written the same way here, a recomputed panel can be compared
    // with the page's own text.
    .replaceAll("&#x27;", "'")
    .replaceAll("\u00a0", "&nbsp;")
    .replace(/<(\w+)([^<>]*)\/>/g, "<$1$2></$1>");
}
