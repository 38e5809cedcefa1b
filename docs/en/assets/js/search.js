// The theme fetches its index of all words, and the worker that reads it, on every page. Here both wait until somebody
// means to search: the pointer over the box, a finger or the focus in it, or an address that asks for it.
const INDEX = /\/search\/search_index\.json$/;
const WORKER = /\/workers\/search\.[^/]*\.js$/;
const PLACES = '[data-md-component="search"], [for="__search"]';

let mean;
const meant = new Promise((resolve) => (mean = resolve));

// `q` opens the box with a query, `h` marks the words that were found.
const asked = new URLSearchParams(location.search);
if (asked.has("q") || asked.has("h")) mean();
for (const sign of ["pointerover", "touchstart", "focusin"]) {
  const heard = ({ target }) => {
    if (!target.closest?.(PLACES)) return;
    removeEventListener(sign, heard);
    mean();
  };
  addEventListener(sign, heard, { passive: true });
}

const { open, send, abort } = XMLHttpRequest.prototype;
const held = new WeakSet();

XMLHttpRequest.prototype.open = function (method, address, ...rest) {
  if (INDEX.test(address)) held.add(this);
  return open.call(this, method, address, ...rest);
};

XMLHttpRequest.prototype.send = function (body) {
  if (held.has(this)) meant.then(() => held.delete(this) && send.call(this, body));
  else send.call(this, body);
};

XMLHttpRequest.prototype.abort = function () {
  held.delete(this);
  abort.call(this);
};

// Stands for the worker until the first message to it, which is the index.
class LateWorker extends EventTarget {
  #start;
  #worker = null;

  constructor(start) {
    super();
    this.#start = start;
  }

  postMessage(message) {
    this.#worker ??= this.#started();
    this.#worker.postMessage(message);
  }

  #started() {
    const worker = this.#start();
    worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }));
    return worker;
  }
}

globalThis.Worker = new Proxy(Worker, {
  construct(Kind, [address, ...rest]) {
    const start = () => new Kind(address, ...rest);
    return WORKER.test(address) ? new LateWorker(start) : start();
  },
});
