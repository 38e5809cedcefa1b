// Where pasted code runs. The same interface as client.js: `wake`, `ask`; and `end`, which stops it from outside.
//
// What keeps pasted code away from what:
// - the page, its cookies and storage: the frame has an origin of its own that nothing shares, by its `sandbox` attribute
//   or, where it is kept for offline use, by the same in the policy that the service worker sends with it;
// - the network: the frame's policy (a meta tag in frame.html, inherited by the worker within) allows no connection
//   to anywhere, this site included. Python's files are therefore fetched here and handed over;
// - time: an answer has its budget, counted here; who exceeds it loses frame and worker, whatever they are doing;
// - memory: the interpreter's memory is made with a maximum, which the browser's engine keeps, and what it writes goes
//   nowhere (sandbox-worker.js). Code that gets past Python to JavaScript has the browser's own limits and the budget;
// - the page's own HTML: answers have a form and a size, and panels go through clean.js;
// - the next answer: an interpreter that has run one code never answers for another. A spare stands ready.
// Nothing here depends on what Python code refuses to do.
import { clean, giveUp, ready as cleanReady } from "./clean.js";
import { countdown } from "./countdown.js";
import { needsRest } from "./imports.js";
import { inflated } from "./inflated.js";
import { checksums, pythonFolder, pythonLock } from "./runtime.js";

const BUDGET = 10_000; // milliseconds for an answer, once the interpreter is ready
const PATIENCE = 60_000; // milliseconds for a start, once its files are here
const LARGEST = 20_000_000; // characters of an answer
const PYTHON = ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "models.zip.deflated"];
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
let coming = null; // what can still be given up of it

async function bytes(address, signal) {
  const options = { signal, integrity: checksums[address.split("/").at(-1)] ?? "" };
  // What is not the file of this build may be so in the browser's cache alone.
  const response = await fetch(address, options).catch(() => fetch(address, { ...options, cache: "reload" }));
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return address.endsWith(".deflated") ? inflated(response) : response.arrayBuffer();
}

async function download() {
  const given = (coming = new AbortController());
  const named = async (folder, name) => [
    name.replace(/\.deflated$/, ""),
    await bytes(asset(`${folder}/${name}`), given.signal),
  ];
  const all = await Promise.all([
    ...PYTHON.map((name) => named(pythonFolder, name)),
    ...["boot.js", "sandbox-worker.js"].map((name) => named("js", name)),
    ["lock.json", new TextEncoder().encode(JSON.stringify(pythonLock)).buffer],
    // A frame does not tell whether its page was there.
    bytes(asset("sandbox/frame.html"), given.signal).then(() => cleanReady()).then(() => null),
  ]);
  if (coming === given) coming = null;
  return Object.fromEntries(all.filter(Boolean));
}

// The rest of the standard library, for code that names a module of it.
let rest = null;

async function further(source) {
  try {
    const names = new TextDecoder().decode(await bytes(asset(`${pythonFolder}/rest.json`)));
    if (!needsRest(source, JSON.parse(names))) return {};
    return { "rest.zip": await (rest ??= bytes(asset(`${pythonFolder}/rest.zip.deflated`))) };
  } catch (error) {
    rest = null;
    throw new SandboxError("failed", error);
  }
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

  // A service worker answers no frame that is without an origin from the start. To the kept frame it gives a policy
  // that takes the origin away; if that did not happen, the frame runs nothing, and the attribute does it.
  async #load() {
    this.#frame.title = "Sandbox";
    this.#frame.hidden = true;
    if (navigator.serviceWorker?.controller) await this.#loadAs("allow-scripts allow-same-origin");
    if (!this.#frame.isConnected || this.#frame.contentDocument) await this.#loadAs("allow-scripts");
  }

  #loadAs(allowed) {
    const loaded = new Promise((resolve) => this.#frame.addEventListener("load", resolve, { once: true }));
    this.#frame.setAttribute("sandbox", allowed);
    this.#frame.src = asset("sandbox/frame.html");
    document.body.append(this.#frame);
    return loaded;
  }

  // `more` are archives for code that has not run yet.
  ask(number, question, more) {
    const heard = this.#hear(number, BUDGET);
    this.#port.postMessage({ number, question, further: more });
    return heard;
  }

  // The frame lets one answer of the right form pass for each question; it is not taken at its word.
  #hear(number, patience) {
    return new Promise((resolve, reject) => {
      const stop = countdown(patience, () => reject(new SandboxError("time")));
      this.#stop = (error) => {
        stop();
        reject(error);
      };
      this.#port.onmessage = ({ data }) => {
        stop();
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
let left = false; // nobody is there who could ask
let count = 0;
let turn = Promise.resolve();

export function wake() {
  return (current ?? (spare ??= new Interpreter())).ready;
}

export function ask(question) {
  left = false;
  const answered = turn.then(() => answerOf(question));
  turn = answered.catch(() => {});
  return answered;
}

// Stop whatever runs, now. What was asked is rejected as "ended". Files that do not come are given up with it: as long as
// a browser waits for one, it may keep another request for the same waiting too.
export function end() {
  if (coming) {
    coming.abort();
    giveUp();
    coming = files = null;
  }
  for (const each of [current, spare]) each?.end();
  current = spare = null;
}

// The page with the calculator is left: no frame stays behind.
export function leave() {
  left = true;
  end();
}

async function answerOf(question) {
  const code = JSON.stringify(Object.entries(question.fields ?? {}).filter(([name]) => CODE.test(name)));
  if (current && current.code !== code) {
    current.end();
    current = null;
  }
  try {
    let more = {};
    if (!current) [current, more] = await Promise.all([fresh(), further(code)]);
    current.code = code;
    return read(await current.ask(++count, JSON.stringify(question), more), question);
  } catch (error) {
    current?.end();
    current = null;
    throw error;
  } finally {
    if (!left && (current || files)) spareReady();
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
