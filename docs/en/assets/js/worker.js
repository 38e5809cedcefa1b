// The one worker of a visit: Python and KaTeX, away from the page's own thread.
// Questions are JSON text for calc.render.answer; answers are its JSON text.
import { boot, broken } from "./boot.js";
import { forget, isWanted, recalled } from "./memory.js";
import { asked, imported } from "./python-files.js";
import { katexFolder, pythonLock } from "./runtime.js";
import { typeset } from "./typeset.js";

const MAKER = new URL("./memory-worker.js", import.meta.url); // makes the memory that the next visit starts from
const IDLE = 3000; // milliseconds without a question

// All of it is on its way at once. KaTeX's minified file is half the size of its module; it leaves its name on the worker.
const memory = recalled();
const { files, loader } = asked();
const katex = imported(katexFolder, "katex.min.js");
let fromMemory = false;
let python = null;

async function booted() {
  const loadPyodide = await loader;
  const kept = await memory;
  if (kept) {
    try {
      const started = await boot(loadPyodide, pythonLock, files, { _loadSnapshot: kept });
      fromMemory = true;
      return started;
    } catch (error) {
      console.warn(error);
      await forget();
    }
  }
  return boot(loadPyodide, pythonLock, files);
}

async function start() {
  const [started] = await Promise.all([booted(), katex]);
  const { answer } = started;
  ({ python } = started);
  const known = new Map();
  const remembered = (tex) => {
    if (!known.has(tex)) known.set(tex, typeset(self.katex, tex));
    return known.get(tex);
  };
  return (question) => answer(question, remembered);
}

// A lock that is held for as long as this worker lives: when it is free, the page knows what no message can tell.
// Where there are no locks, the page finds out by having no answer in time.
const life = `python ${Math.random()}`;
navigator.locks?.request(life, () => new Promise(() => postMessage({ life }))).catch(() => {});

// Listening starts before the interpreter is there, so no question is lost.
const ready = Promise.race([broken(files), start()]);
ready.then(
  () => {
    // What was loaded in here, and what will be, is in no list of the page's; it is kept for offline use.
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    postMessage({ ready: true, loaded: [...loaded, MAKER.href] });
  },
  (error) => postMessage({ failed: String(error) }),
);

// The next visit starts sooner if this one's memory is kept; that is done when nobody has asked for a while.
let idle = 0;

function remember() {
  clearTimeout(idle);
  idle = setTimeout(async () => {
    idle = 0;
    if (fromMemory || !(await isWanted())) return;
    const maker = new Worker(MAKER, { type: "module" });
    maker.onmessage = ({ data: { failed } }) => {
      if (failed) console.warn(failed);
      maker.terminate();
    };
    maker.postMessage(python.pyimport("remembered").modules());
  }, IDLE);
}
ready.then(remember, () => {});

onmessage = async ({ data: { number, question } }) => {
  const respond = await ready;
  if (idle) remember();
  try {
    postMessage({ number, answer: respond(question) });
  } catch (error) {
    // An exception of Python's has a type; after anything else, and without memory, Python is of no use any more.
    const fatal = !error.type || error.type === "MemoryError";
    if (fatal && fromMemory) forget();
    postMessage({ number, fault: String(error), fatal });
  }
};
