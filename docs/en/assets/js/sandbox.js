// Where pasted code runs. The same interface as client.js: `wake`, `ask`; and `end`, which stops it from outside.
//
// What keeps pasted code away from what:
// - the page, its cookies and storage: the frame's `sandbox` attribute gives it an origin of its own that nothing shares;
// - the network: the frame's policy (a meta tag in frame.html, inherited by the worker within) allows no connection
//   to anywhere, this site included. Python's files are therefore fetched here and handed over;
// - time: an answer has its budget, counted here; who exceeds it loses frame and worker, whatever they are doing;
// - memory: the interpreter's memory is made with a maximum, which the browser's engine keeps, and what it writes goes
//   nowhere (sandbox-worker.js). Code that gets past Python to JavaScript has the browser's own limits and the budget;
// - the page's own HTML: answers have a form and a size, and panels go through clean.js;
// - the next answer: an interpreter that has run one code never answers for another. A spare stands ready.
// Nothing here depends on what Python code refuses to do.
import { clean, ready as cleanReady } from "./clean.js";
import { pyodideFolder } from "./runtime.js";

const BUDGET = 10_000; // milliseconds for an answer, once the interpreter is ready
const PATIENCE = 60_000; // milliseconds for a start, once its files are here
const LARGEST = 20_000_000; // characters of an answer
const CODE = /^(source|entry)/; // the fields that are run as code

const SENTENCES = {
  time: `The code was stopped: it gave no answer within ${BUDGET / 1000} seconds.`,
  memory: "The code was stopped: it needed more than 1 GiB of memory.",
  failed: "Python could not be started, or stopped without an answer.",
  ended: "The code was stopped.",
};

export class SandboxError extends Error {
  constructor(kind, reason = "") {
    super(SENTENCES[kind], { cause: reason });
    this.kind = kind;
  }
}

const asset = (path) => new URL(`../${path}`, import.meta.url).href;
let files = null; // what is handed over, kept for the next start

async function download() {
  const bytes = async (address) => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    return response.arrayBuffer();
  };
  const named = async (folder, name) => [name, await bytes(asset(`${folder}/${name}`))];
  const lock = named(pyodideFolder, "pyodide-lock.json");
  const wheels = lock.then(([, text]) => {
    const { packages } = JSON.parse(new TextDecoder().decode(text));
    return Promise.all(Object.values(packages).map((each) => named(pyodideFolder, each.file_name)));
  });
  const all = await Promise.all([
    ...["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"].map((name) => named(pyodideFolder, name)),
    ...["boot.js", "sandbox-worker.js"].map((name) => named("js", name)),
    lock,
    // A frame does not tell whether its page was there.
    bytes(asset("sandbox/frame.html")).then(() => cleanReady()).then(() => null),
  ]);
  return Object.fromEntries([...all.filter(Boolean), ...(await wheels)]);
}

class Interpreter {
  code = null; // what it has run
  #frame = document.createElement("iframe");
  #port = null;
  #stop = null; // rejects what is waited for

  constructor() {
    this.ready = this.#start();
    this.ready.catch(() => this.end());
  }

  async #start() {
    const stopped = new Promise((_, reject) => (this.#stop = reject));
    stopped.catch(() => {});
    try {
      const handed = await Promise.race([(files ??= download()), stopped]);
      await Promise.race([this.#load(), stopped]);
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      const heard = this.#hear("ready", PATIENCE);
      this.#frame.contentWindow.postMessage({ files: handed, largest: LARGEST }, "*", [port2]);
      await heard;
    } catch (error) {
      if (error.kind !== "ended") files = null; // a failed download may succeed a minute later
      throw error instanceof SandboxError && error.kind === "ended" ? error : new SandboxError("failed", error);
    }
  }

  #load() {
    const loaded = new Promise((resolve) => this.#frame.addEventListener("load", resolve, { once: true }));
    this.#frame.setAttribute("sandbox", "allow-scripts");
    this.#frame.src = asset("sandbox/frame.html");
    this.#frame.title = "Sandbox";
    this.#frame.hidden = true;
    document.body.append(this.#frame);
    return loaded;
  }

  ask(number, question) {
    const heard = this.#hear(number, BUDGET);
    this.#port.postMessage({ number, question });
    return heard;
  }

  // The frame lets one answer of the right form pass for each question; it is not taken at its word.
  #hear(number, patience) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new SandboxError("time")), patience);
      this.#stop = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.#port.onmessage = ({ data }) => {
        clearTimeout(timer);
        const { text, kind } = data;
        const right = data.number === number && typeof text === "string" && text.length <= LARGEST;
        if (right && (kind === "answer" || kind === "ready")) resolve(text);
        else if (right && kind === "memory") reject(new SandboxError("memory", text));
        else reject(new SandboxError("failed", right ? text : data.failed));
      };
    });
  }

  end(error = new SandboxError("ended")) {
    this.#stop?.(error);
    this.#port?.close();
    this.#frame.remove();
  }
}

let current = null; // has run a code, and may be asked again about the same
let spare = null; // has run nothing
let count = 0;
let turn = Promise.resolve();

export function wake() {
  return (current ?? (spare ??= new Interpreter())).ready;
}

export function ask(question) {
  const answered = turn.then(() => answerOf(question));
  turn = answered.catch(() => {});
  return answered;
}

// Stop whatever runs, now. What was asked is rejected as "ended".
export function end() {
  for (const each of [current, spare]) each?.end();
  current = spare = null;
}

async function answerOf(question) {
  const code = JSON.stringify(Object.entries(question.fields ?? {}).filter(([name]) => CODE.test(name)));
  if (current && current.code !== code) {
    current.end();
    current = null;
  }
  try {
    current ??= await fresh();
    current.code = code;
    return read(await current.ask(++count, JSON.stringify(question)), question);
  } catch (error) {
    current?.end();
    current = null;
    throw error;
  } finally {
    if (current || files) spareReady();
  }
}

async function fresh() {
  const underWay = spare;
  try {
    return await taken();
  } catch (error) {
    // A start that was under way before may have met a fault that is gone by now.
    if (!underWay || error.kind === "ended") throw error;
    return taken();
  }
}

async function taken() {
  const interpreter = (spare ??= new Interpreter());
  try {
    await interpreter.ready;
  } finally {
    if (spare === interpreter) spare = null;
  }
  return interpreter;
}

function spareReady() {
  const interpreter = (spare ??= new Interpreter());
  interpreter.ready.catch(() => {
    if (spare === interpreter) spare = null;
  });
}

// The answer, if it is one: panels or a form that were asked for, or sentences beside fields.
function read(answer, { panels: asked = [], form }) {
  try {
    const { panels, errors, text, line = 0 } = JSON.parse(answer);
    const given = Object.entries(errors ?? (form ? { text } : panels));
    if (!given.every(([, each]) => typeof each === "string") || !Number.isInteger(line)) throw new Error("wrong types");
    if (errors) return { errors: Object.fromEntries(given), line };
    if (form) return { text };
    if (asked.length && !given.every(([name]) => asked.includes(name))) throw new Error("panels not asked for");
    return { panels: Object.fromEntries(given.map(([name, html]) => [name, clean(html)])) };
  } catch (error) {
    throw new SandboxError("failed", error);
  }
}
