// How formulas are typeset, at build time and in the browser alike.
export const options = { throwOnError: true, strict: "error", output: "htmlAndMathml" };
