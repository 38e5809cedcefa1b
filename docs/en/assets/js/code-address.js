// A calculator's code in the address: written there as it is typed, and read when somebody else puts it there.
import { fragmentOf, packedInAddress, unpack } from "./packed.js";

const DELAY = 400; // milliseconds; browsers refuse to change the address too often

export class CodeAddress {
  #id;
  #names; // of the sources
  #sources; // gives name and text of those that differ from the page's own
  #timer = 0;
  #known = location.hash; // as last read or written here
  #follow = () => {
    if (packedInAddress(this.#id) && this.#known !== location.hash) this.followed();
  };

  constructor(id, names, sources, followed) {
    this.#id = id;
    this.#names = names;
    this.#sources = sources;
    this.followed = followed;
    addEventListener("hashchange", this.#follow);
  }

  leave() {
    removeEventListener("hashchange", this.#follow);
    clearTimeout(this.#timer);
  }

  // The code by name; null where the address holds none for this calculator. Raises for what cannot be read.
  async read() {
    this.#known = location.hash;
    const packed = packedInAddress(this.#id);
    if (!packed) return null;
    const known = [...packed].filter(([name]) => this.#names.includes(name));
    return Promise.all(known.map(async ([name, text]) => [name, await unpack(text ?? "")]));
  }

  get held() {
    return packedInAddress(this.#id) !== null;
  }

  keep() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), DELAY);
  }

  async #write() {
    const { pathname } = location;
    const sources = this.#sources();
    if (!sources.length && !this.held) return; // a heading's anchor stays
    const hash = sources.length ? await fragmentOf(this.#id, sources) : "";
    if (location.pathname !== pathname) return;
    const url = new URL(location.href);
    url.hash = hash;
    if (url.href !== location.href) history.replaceState(history.state, "", url);
    this.#known = location.hash;
  }

  // An address with everything, from the one that holds the rest.
  async complete(address) {
    const url = new URL(address);
    url.hash = await fragmentOf(this.#id, this.#sources());
    return url.href;
  }
}
