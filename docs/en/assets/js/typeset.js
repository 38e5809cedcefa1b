// How formulas are typeset, at build time and in the browser alike.
const options = { throwOnError: true, strict: "error", output: "htmlAndMathml" };

export function typeset(katex, tex, displayMode = false) {
  // A browser writes an apostrophe back as it is; written the same way here, a
  // recomputed panel can be compared with the page's own text.
  return katex.renderToString(tex, { ...options, displayMode }).replaceAll("&#x27;", "'");
}
