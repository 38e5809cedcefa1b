// The one worker of a visit: Python and KaTeX, away from the page's own thread.
// Questions are JSON text for calc.render.answer; answers are its JSON text.
import { boot, broken } from "./boot.js";
import { katexFolder, pyodideFolder } from "./runtime.js";
import { typeset } from "./typeset.js";

const folder = (name) => new URL(`../${name}/`, import.meta.url).href;

async function start() {
  // KaTeX's minified file is half the size of its module; it leaves its name on the worker.
  const [{ loadPyodide }] = await Promise.all([
    import(`${folder(pyodideFolder)}pyodide.mjs`),
    import(`${folder(katexFolder)}katex.min.js`),
  ]);
  const { answer } = await boot(loadPyodide, folder(pyodideFolder));
  const known = new Map();
  const remembered = (tex) => {
    if (!known.has(tex)) known.set(tex, typeset(self.katex, tex));
    return known.get(tex);
  };
  return (question) => answer(question, remembered);
}

// Listening starts before the interpreter is there, so no question is lost.
const ready = Promise.race([broken(self.fetch), start()]);
ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data: { number, question } }) => {
  const respond = await ready;
  try {
    postMessage({ number, answer: respond(question) });
  } catch (error) {
    postMessage({ number, fault: String(error) });
  }
};
