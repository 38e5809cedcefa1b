// What the page's worker and the sandbox's have in common: the interpreter, and the package's way to answer.
// The sandbox is handed this file's text, so it imports nothing.
const FOLDER = "https://files.invalid/"; // asked of our own `fetch` alone
const LIBRARY = "core.zip"; // a section of the engine

// `files` are Python's own under their names, each a promise of it: the engine compiled, archives as bytes. They
// are on their way before Pyodide's loader is, and it is given them when it asks. `memory` is what else the loader takes.
export async function boot(loadPyodide, lock, files, memory = {}) {
  const engine = files["pyodide.asm.wasm"];
  const library = async () => WebAssembly.Module.customSections(await engine, LIBRARY)[0];
  self.fetch = async (asked) => {
    const name = String(asked?.url ?? asked).slice(FOLDER.length);
    if (name === LIBRARY) return new Response(await library());
    return new Response(null, { status: name.endsWith(".wasm") ? 200 : 404 });
  };
  WebAssembly.instantiateStreaming = async (response, imports) => {
    const module = await engine;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  const python = await loadPyodide({ indexURL: FOLDER, stdLibURL: FOLDER + LIBRARY, lockFileContents: lock, ...memory });
  python.pyimport("dataclass_methods.first"); // what `calc` would compile as it is imported
  if (files["models.zip"]) {
    add(python, "models.zip", await files["models.zip"]);
    python.pyimport("dataclass_methods.pasted");
  }
  const { answer } = python.pyimport("calc.render");
  return { python, answer };
}

// One more archive of modules.
export function add(python, name, bytes) {
  python.FS.writeFile(`/lib/${name}`, new Uint8Array(bytes));
  python.pyimport("further").add(`/lib/${name}`);
}

// When a file of its own cannot be had, Pyodide notes it and waits for ever: here it is noticed.
// The promise never resolves, and rejects with the first fault.
export function broken(files) {
  return new Promise((_, reject) => {
    for (const file of Object.values(files)) Promise.resolve(file).catch(reject);
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      reject(event.reason);
    });
  });
}
