// Starts the interpreter that the site ships and runs tests in it: see __main__.py.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const { files, library, lock, mounts, fence, settings, arguments: given } = JSON.parse(await text(process.stdin));

function failed(error) {
  console.error(String(error?.message ?? error).slice(-4000)); // Node would show a line of half a million characters
  process.exit(1);
}
for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, failed);

// The glue is a script and no module, and in Node it asks for these.
Object.assign(globalThis, { require: createRequire(import.meta.url), __dirname: dirname(files["pyodide.asm.js"]) });
const engine = await WebAssembly.compile(await readFile(files["pyodide.asm.wasm"]));
await writeFile(library, new Uint8Array(WebAssembly.Module.customSections(engine, "core.zip")[0]));
const { loadPyodide } = await import(pathToFileURL(files["pyodide.mjs"]).href);
const python = await loadPyodide({
  indexURL: `${dirname(files["pyodide.mjs"])}/`,
  stdLibURL: library,
  lockFileContents: lock,
});
const add = async (name) => {
  python.FS.writeFile(`/lib/${name}`, await readFile(files[name]));
  python.pyimport("further").add(`/lib/${name}`);
};
await add("models.zip");
for (const [path, folder] of Object.entries(mounts)) python.mountNodeFS(path, folder);
python.FS.writeFile("/repository/pyproject.toml", settings);
const inside = await readFile(new URL("./inside.py", import.meta.url), "utf8");
python.FS.writeFile("/repository/inside.py", inside);
const tests = (python.pyimport("sys").path.append("/repository"), python.pyimport("inside"));
tests.import_methods();
tests.import_everything();
await add("rest.zip");
python.FS.mkdirTree("/build/calc");
python.FS.writeFile("/build/calc/fence.py", fence);
python.pyimport("further").add("/build");
process.exit(tests.run(JSON.stringify(given)));
