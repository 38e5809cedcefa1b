// In the place of the site's own worker, in the site's own page: stock Pyodide, the package as a wheel, the same KaTeX.
// What differs from the site is the interpreter alone. PYODIDE and WHEEL stand for names that carry a version.
import { loadPyodide } from "../../../../PYODIDE/pyodide.mjs";
import { katexFolder } from "./runtime.js";
import { typeset } from "./typeset.js";

async function started() {
  const python = await loadPyodide();
  await python.loadPackage(new URL("WHEEL", import.meta.url).href);
  return python.pyimport("calc.render");
}

async function start() {
  const katex = import(new URL(`../${katexFolder}/katex.min.js`, import.meta.url));
  const [{ answer }] = await Promise.all([started(), katex]);
  return (question) => answer(question, (tex) => typeset(self.katex, tex));
}

const ready = start();
ready.then(
  () => postMessage({ ready: true, loaded: [] }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data: { number, question } }) => {
  const respond = await ready;
  postMessage({ number, answer: respond(question) });
};
