// Pyodide's engine without what the site cannot reach: see engine.py.
//
// Pyodide exports every function and variable of Python for extension modules to link with; the page has none. So of
// the glue's thousands of declarations for them those stay that the glue itself speaks of, and of the module those
// exports that the glue still asks for; what only the others led to goes as well. Then the other way round: of the
// glue's functions those that the module still calls.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { task } from "./task.mjs";
import { cut } from "./wasm.mjs";

const DECLARATION = /var ([\w$]+)=(?:Module\["([\w$]+)"\]=)?(?:wasmExports\["([\w$]+)"\]|\d[\de]*);/g;
const HANDED_ON = /Module\["([\w$]+)"\]=\1;/g;
const IMPORTS = /var wasmImports=\{(.*?)\};/;
// What Pyodide's own package and installer, for which others stand in here, would have left in the table of objects.
const EXPECTED = /return\[null,API\.config\.jsglobals,API\.public_api(,[^\]]*)\]/;
const WEAK = /var currentModuleWeakSymbols=new Set\(\[\]\);/;
const GONE = '()=>abort("cut")';
const ADDRESSES = new Set(["__heap_base", "__stack_low", "__stack_high"]); // the glue itself knows these
const SIGNATURE = /([\w$]+)\.sig="\w+";/g;

const wordsOf = (text) => new Set(text.match(/[A-Za-z_$][\w$]*/g));

function once(text, pattern) {
  const [found, ...more] = text.matchAll(new RegExp(pattern, "g"));
  if (!found || more.length) throw new Error(`${pattern} was to be found once in Pyodide's glue`);
  return found;
}

// The declarations that stay: of a number (an address) or of an export, under the name that the rest uses.
function declared(glue, spoken) {
  const exports = new Set();
  const text = glue.replaceAll(DECLARATION, (all, name, handedOn, exported) => {
    if (!exported && !handedOn) return all;
    if (!spoken.has(name) && !spoken.has(handedOn)) return "";
    if (exported) exports.add(exported);
    return all;
  });
  return { text, exports };
}

// `needed` are the imports that the module still uses, `gone` those that it only lists.
function cutGlue(glue, loader, needed, gone) {
  const [whole, entries] = once(glue, IMPORTS);
  const kept = entries.split(",").filter((entry) => needed.has(entry.split(":")[0]));
  const stubs = gone.filter(({ kind }) => kind === "function").map(({ name }) => `${JSON.stringify(name)}:${GONE}`);
  let text = glue.replace(whole, () => `var wasmImports={${[...stubs, ...kept].join(",")}};`);
  // Addresses that nothing reads may stay unknown.
  const [weak] = once(text, WEAK);
  const unread = gone.filter(({ module }) => module.startsWith("GOT.")).map(({ name }) => name);
  text = text.replace(weak, () => `var currentModuleWeakSymbols=new Set(${JSON.stringify(unread)});`);

  const [, others] = once(text, EXPECTED);
  text = text.replace(EXPECTED, (all) => all.replace(others, ""));

  const functions = new Set(kept.map((entry) => entry.split(":").at(-1)));
  text = text.replaceAll(SIGNATURE, (all, name) => (functions.has(name) ? all : ""));
  const asked = new Set([...text.replaceAll(HANDED_ON, "").matchAll(/Module(?:\.|\[")([\w$]+)/g)].map(([, name]) => name));
  const outside = wordsOf(loader);
  return text.replaceAll(HANDED_ON, (all, name) => (asked.has(name) || outside.has(name) ? all : ""));
}

task(async ({ from, to }) => {
  const read = (name, encoding) => readFile(join(from, name), encoding);
  const [glue, loader, binary] = await Promise.all([
    read("pyodide.asm.js", "utf8"),
    read("pyodide.mjs", "utf8"),
    read("pyodide.asm.wasm"),
  ]);
  const spoken = wordsOf(glue.replaceAll(DECLARATION, (all, name, handedOn, exported) => (exported || handedOn ? "" : all)));
  for (const word of wordsOf(loader)) spoken.add(word);
  const { text, exports } = declared(glue, spoken);

  const imports = WebAssembly.Module.imports(await WebAssembly.compile(binary));
  const { module, called, read: globals } = cut(binary, (name) => exports.has(name) || spoken.has(name));
  const used = new Set([...called, ...globals]);
  const isUsed = ({ kind, name }) => used.has(name) || !["function", "global"].includes(kind);
  const gone = imports.filter((each) => !isUsed(each));
  const addresses = imports.filter((each) => isUsed(each) && each.module.startsWith("GOT.")).map(({ name }) => name);
  if (addresses.some((name) => !ADDRESSES.has(name))) throw new Error(`the module asks for the addresses ${addresses}`);

  await mkdir(to, { recursive: true });
  await writeFile(join(to, "pyodide.asm.js"), cutGlue(text, loader, new Set(imports.filter(isUsed).map(({ name }) => name)), gone));
  await writeFile(join(to, "pyodide.asm.wasm"), module);
  await writeFile(join(to, "pyodide.mjs"), loader.replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
});
