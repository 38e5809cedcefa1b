// The page's side of the worker: started at the first sign of intent, asked by number.
// Instant navigation keeps this module, and so the worker, alive from page to page.
let worker = null;
let ready = null;
let count = 0;
const waiting = new Map();

export function wake() {
  if (ready) return ready;
  worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  ready = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.ready) resolve();
      else if (data.failed) reject(new Error(data.failed));
      else settle(data);
    };
    worker.onerror = (event) => {
      const error = new Error(event.message || "the worker could not start");
      reject(error);
      giveUp(error); // also when it fails after a good start: nobody may wait for ever
    };
  });
  ready.catch(giveUp);
  return ready;
}

// The next wake starts afresh: a failed download may succeed a minute later.
function giveUp(error) {
  worker?.terminate();
  worker = ready = null;
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

function settle({ number, answer, fault }) {
  const { resolve, reject } = waiting.get(number) ?? {};
  waiting.delete(number);
  if (fault) reject?.(new Error(fault));
  else resolve?.(JSON.parse(answer));
}

export async function ask(question) {
  const underWay = ready;
  await wake().catch((error) => {
    // A start that was under way before may have met a fault that is gone by now.
    if (!underWay) throw error;
    return wake();
  });
  return new Promise((resolve, reject) => {
    const number = ++count;
    waiting.set(number, { resolve, reject });
    worker.postMessage({ number, question: JSON.stringify(question) });
  });
}
