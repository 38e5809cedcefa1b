// The page's side of the worker: started at the first sign of intent, asked one question at a time.
// Instant navigation keeps this module, and so the worker, alive from page to page.
//
// What may go wrong between a question and its answer, as the `kind` of an error:
// - start: the worker or a file of Python's could not be loaded. The next question starts afresh;
// - ended: the worker is gone, or Python in it broke. The question is asked once more, of a fresh worker;
// - time: no answer within the budget. The worker is ended, whatever it is doing;
// - fault: Python answered with an exception, and goes on.
import { countdown } from "./countdown.js";

const BUDGET = 10_000; // milliseconds for an answer, once Python is there

const SENTENCES = {
  start: "Python could not be loaded.",
  ended: "Python stopped without an answer.",
  time: `Python was stopped: it gave no answer within ${BUDGET / 1000} seconds.`,
  fault: "Python found no answer.",
};

export class PythonError extends Error {
  constructor(kind, reason) {
    super(SENTENCES[kind], { cause: reason });
    this.kind = kind;
  }
}

// A promise, and the two ways in which it ends. Somebody else may never wait for it.
function promised() {
  const told = {};
  told.promise = new Promise((resolve, reject) => Object.assign(told, { resolve, reject }));
  told.promise.catch(() => {});
  return told;
}

class Interpreter {
  started = false;
  over = false;
  #worker = null;
  #number = 0;
  #start = promised();
  #answer = promised();

  constructor() {
    try {
      this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    } catch (error) {
      this.end("start", error);
      return;
    }
    this.#worker.onmessage = ({ data }) => this.#heard(data);
    this.#worker.onerror = (event) => this.end(this.started ? "ended" : "start", event.message);
  }

  get ready() {
    return this.#start.promise;
  }

  #heard({ life, ready, loaded, failed, number, answer, fault, fatal }) {
    if (life) {
      // A worker that is ended from outside says nothing, but its lock is free then.
      navigator.locks?.request(life, () => this.end(this.started ? "ended" : "start", "the worker is gone"));
    } else if (ready) {
      this.started = true;
      dispatchEvent(new CustomEvent("calc-loaded", { detail: loaded })); // for offline.js
      this.#start.resolve();
    } else if (failed) this.end("start", failed);
    else if (number !== this.#number) return;
    else if (fatal) this.end("ended", fault);
    else if (fault) this.#answer.reject(new PythonError("fault", fault));
    else this.#answer.resolve(JSON.parse(answer));
  }

  // What is asked before Python is there waits in the worker, which need not wait for the page then.
  async ask(question) {
    if (!this.#worker) return this.ready;
    const { promise } = (this.#answer = promised());
    this.#number += 1;
    this.#worker.postMessage({ number: this.#number, question: JSON.stringify(question) });
    await this.ready;
    const stop = countdown(BUDGET, () => this.end("time"));
    return promise.finally(stop);
  }

  end(kind, reason = "") {
    if (this.over) return;
    this.over = true;
    this.#worker?.terminate();
    for (const told of [this.#start, this.#answer]) told.reject(new PythonError(kind, reason));
  }
}

let interpreter = null;
let turn = Promise.resolve();

function present() {
  if (!interpreter || interpreter.over) interpreter = new Interpreter();
  return interpreter;
}

export function wake() {
  return present().ready;
}

// Whether an answer can be expected at once.
export function awake() {
  return Boolean(interpreter?.started && !interpreter.over);
}

// Give up a start that does not come to an end; who waits for it goes on with the next.
export function startAfresh() {
  if (!awake()) interpreter?.end("start", "given up");
}

export function ask(question) {
  const answer = turn.then(() => answerOf(question));
  turn = answer.catch(() => {});
  return answer;
}

async function answerOf(question) {
  const underWay = interpreter && !interpreter.over;
  try {
    return await present().ask(question);
  } catch (error) {
    // A start that was under way before may have met a fault that is gone by now.
    const again = error.kind === "ended" || (error.kind === "start" && underWay);
    if (!again) throw error;
    return present().ask(question);
  }
}
