// The one worker of a visit: Python and KaTeX, away from the page's own thread.
// Questions are JSON text for calc.render.answer; answers are its JSON text.
import { katexFolder, pyodideFolder } from "./runtime.js";
import { typeset } from "./typeset.js";

const folder = (name) => new URL(`../${name}/`, import.meta.url).href;

async function boot() {
  // KaTeX's minified file is half the size of its module; it leaves its name on the worker.
  const [{ loadPyodide }] = await Promise.all([
    import(`${folder(pyodideFolder)}pyodide.mjs`),
    import(`${folder(katexFolder)}katex.min.js`),
  ]);
  const python = await loadPyodide({ indexURL: folder(pyodideFolder), packages: ["calc"] });
  const { answer } = python.pyimport("calc.render");
  const known = new Map();
  const remembered = (tex) => {
    if (!known.has(tex)) known.set(tex, typeset(self.katex, tex));
    return known.get(tex);
  };
  return (question) => answer(question, remembered);
}

// When a file of its own cannot be fetched, Pyodide notes it and waits for ever: notice it here.
const broken = new Promise((_, reject) => {
  const plainFetch = self.fetch;
  self.fetch = async (...asked) => {
    try {
      const response = await plainFetch(...asked);
      if (!response.ok) reject(new Error(`${response.url} answered ${response.status}`));
      return response;
    } catch (error) {
      reject(error);
      throw error;
    }
  };
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    reject(event.reason);
  });
});

// Listening starts before the interpreter is there, so no question is lost.
const ready = Promise.race([boot(), broken]);
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
