// Starts Python once more while nobody waits for it, and keeps its memory for the next visit: see memory.js.
// It is a start of its own, so that nothing that anybody typed is in it. Its files are in the browser's cache.
import { boot, broken } from "./boot.js";
import { keep } from "./memory.js";
import { asked } from "./python-files.js";
import { pythonLock } from "./runtime.js";

async function make(modules) {
  const { files, loader } = asked();
  const { python } = await Promise.race([broken(files), boot(await loader, pythonLock, files, { _makeSnapshot: true })]);
  python.pyimport("remembered").take(modules);
  await keep(python.makeMemorySnapshot());
}

onmessage = ({ data: modules }) =>
  make(modules).then(
    () => postMessage({ kept: true }),
    (error) => postMessage({ failed: String(error) }),
  );
