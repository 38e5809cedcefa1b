// What the page on offline use shows and does: which pages are kept on this device, all of them on request, or none.
import { base, registered } from "./offline.js";

const NONE =
  "This browser keeps no pages of this site here: it cannot, or it is told not to, as in a private window. " +
  "Everything works as long as there is a network.";
const FAULTS = {
  storage: "There is not enough room for the whole site on this device, or the browser does not allow it. What is listed below is kept.",
  network: "The network was lost before everything was there. What has arrived is kept; press again to go on.",
  build: "The site has just been renewed, or its host changes the files. What has arrived is kept; reload this page and try again.",
};

const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;
const element = (name, text = "", attributes = {}) => Object.assign(document.createElement(name), { textContent: text }, attributes);

export async function show(place) {
  const summary = element("p");
  summary.setAttribute("role", "status");
  const buttons = element("p", "", { className: "sw-offline__buttons" });
  const list = element("ul", "", { className: "sw-offline__pages" });
  place.replaceChildren(...absent(), summary, buttons, list);
  const registration = await registered;
  const worker = registration && (registration.active ?? (await navigator.serviceWorker.ready).active);
  if (!worker) {
    summary.textContent = NONE;
    return;
  }
  const paint = (status) => {
    summary.textContent = sentence(status);
    list.replaceChildren(...titles(status.pages).map(([title, address]) => item(title, address)));
    buttons.replaceChildren(...(status.complete ? [] : [keepButton(status)]), ...(status.bytes ? [forgetButton()] : []));
  };
  const keepButton = ({ total }) => {
    const keep = element("button", `Keep this site for offline use (${megabytes(total)})`, { type: "button" });
    keep.addEventListener("click", () => keepAll(total));
    return keep;
  };
  const forgetButton = () => {
    const forget = element("button", "Remove what is kept", { type: "button" });
    forget.addEventListener("click", async () => paint(await ask(worker, { kind: "forget" })));
    return forget;
  };
  const keepAll = async (total) => {
    const progress = element("progress", "", { max: total, value: 0 });
    progress.setAttribute("aria-label", "Kept so far");
    buttons.replaceChildren(progress, element("span"));
    navigator.storage?.persist?.().catch(() => {}); // asked for, so it is to stay
    const status = await ask(worker, { kind: "keep all" }, ({ done }) => {
      progress.value = done;
      progress.nextSibling.textContent = `${megabytes(done)} of ${megabytes(total)}`;
    });
    paint(status);
    if (status.why) summary.textContent = FAULTS[status.why];
  };
  paint(await ask(worker, { kind: "status" }));
}

// One question to the worker; news on the way goes to `progress`.
function ask(worker, question, progress = () => {}) {
  return new Promise((answered) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => ("total" in data ? answered(data) : progress(data));
    worker.postMessage(question, [port2]);
  });
}

function sentence({ pages, all, bytes, complete }) {
  if (complete) return `The whole site is kept on this device: ${all} pages, Python and the search, ${megabytes(bytes)}.`;
  const [which, who] = pages.length === 1 ? ["One page is", "it loads"] : [`${pages.length} pages are`, "they load"];
  return `${which} kept on this device, of ${all}; with what ${who}, ${megabytes(bytes)}.`;
}

// Pages in the order of the site's menu, by the names they have there.
function titles(pages) {
  const kept = new Set(pages.map((path) => base + path));
  const found = new Map();
  for (const link of document.querySelectorAll(".md-nav--primary a[href]")) {
    const address = link.href.split(/[?#]/)[0];
    if (!kept.has(address) || found.has(address)) continue;
    const group = link.closest(".md-nav__item--section")?.querySelector(":scope > .md-nav__link, :scope > label");
    const name = link.textContent.trim();
    found.set(address, group ? `${group.textContent.trim()}: ${name}` : name);
  }
  for (const address of kept) if (!found.has(address)) found.set(address, address.slice(base.length) || "Home");
  return [...found].map(([address, title]) => [title, address]);
}

function item(title, address) {
  const item = element("li");
  item.append(element("a", title, { href: address }));
  return item;
}

// The page that was wanted, if this one stands in for it.
function absent() {
  const wanted = new URLSearchParams(location.search).get("page");
  if (wanted === null) return [];
  const address = new URL(base + wanted);
  if (!address.href.startsWith(base)) return [];
  const path = address.href.slice(base.length).split(/[?#]/)[0];
  const [[title]] = titles([path]);
  const text = element("p", "", { className: "sw-offline__absent" });
  const again = element("a", "Try again", { href: address.href });
  text.append(
    element("strong", `“${title}” is not on this device.`),
    " It has not been read here before, and there is no network now, or the site’s host does not answer. ",
    again,
    ", or read one of the pages below.",
  );
  return [text];
}
