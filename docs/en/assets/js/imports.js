// Whether pasted code names a module that the sandbox does not hold from the start.

const LINE = /[^\n]*\b(?:import|__import__|import_module)\b[^\n]*/g;

// `code` is source, perhaps within JSON; `names` are modules by their full names. A name counts wherever it stands on a
// line with an import: to fetch an archive too often costs a second, once too seldom an answer.
export function needsRest(code, names) {
  const wanted = new Set(names.map((name) => name.split(".").at(-1)));
  return (code.replaceAll("\\n", "\n").match(LINE) ?? []).some((line) => line.match(/\w+/g).some((word) => wanted.has(word)));
}
