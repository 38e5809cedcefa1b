// Python's files as a worker asks for them.
import { checksums, pythonFolder } from "./runtime.js";

const address = (folder, name) => new URL(`../${folder}/${name}`, import.meta.url).href;

// A file must be the one of this build: half of it, a network's own page in its place or the file of another build is
// a fault, and asked for anew in case it was the browser's cache that kept it.
async function fetched(folder, name) {
  const asked = address(folder, name);
  const options = { integrity: checksums[name] };
  const response = await fetch(asked, options).catch(() => fetch(asked, { ...options, cache: "reload" }));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return response;
}

// A host may not know what WebAssembly is; the checksum does.
function named(response) {
  if (response.headers.get("Content-Type") === "application/wasm") return response;
  return new Response(response.body, { headers: { "Content-Type": "application/wasm" } });
}

// What is imported has no checksum; what was fetched a moment ago has, and the browser keeps it.
export async function imported(folder, name) {
  await (await fetched(folder, name)).arrayBuffer();
  return import(address(folder, name));
}

// Everything that Python starts from, asked for at once: the files that `boot` hands over, and Pyodide's loader.
export function asked() {
  const engine = WebAssembly.compileStreaming(fetched(pythonFolder, "pyodide.asm.wasm").then(named));
  const files = { "pyodide.asm.wasm": engine };
  // Pyodide's larger part leaves its name on the worker, where Pyodide looks first.
  const scripts = [imported(pythonFolder, "pyodide.mjs"), imported(pythonFolder, "pyodide.asm.js")];
  return { files, loader: Promise.all(scripts).then(([{ loadPyodide }]) => loadPyodide) };
}
