// The page's side of the service worker (site_build/sw.js): starts it once the page is done, tells it what was loaded
// before it was there, and says when a newer version of the site is ready. Without service workers, or where they
// are forbidden, nothing of this happens and the page is as it is.
import { whenIdle } from "./idle.js";
import { keepsPages } from "./runtime.js";

const workers = navigator.serviceWorker;
const LOOK = 30 * 60_000; // milliseconds between two looks for a newer version
const WRITTEN = 1_000; // milliseconds: what was typed is in the address by then
const PATIENCE = 10_000; // milliseconds until the page is loaded anew without waiting for the newer worker
const IDLE = 3_000; // milliseconds after which starting is no longer put off

export const base = import.meta.url.slice(0, import.meta.url.lastIndexOf("/assets/") + 1);
const folderIn = (text) => /\/assets\/(site-[^/"']+)\//.exec(text)?.[1];
const folder = folderIn(import.meta.url);

// ------------------------------------------------------------------------------------------------ One version a page

// The theme puts the next page into this document. One that was built with other scripts than those that run here is
// refused, upon which the theme has the browser load it, with its own.
const parse = DOMParser.prototype.parseFromString;
DOMParser.prototype.parseFromString = function (text, type) {
  if (type === "text/html" && /^\s*<!doctype html>/i.test(text)) {
    const other = folderIn(text);
    if (other && folder && other !== folder) throw new Error("this page is of another version of the site");
  }
  return parse.call(this, text, type);
};

// ------------------------------------------------------------------------------------------------------- The worker

// What comes of the registration, or null where nothing is kept.
export const registered = start().catch((error) => {
  console.debug(error); // a private window, storage that is full or switched off
  return null;
});

async function start() {
  if (!workers) return null;
  if (!keepsPages) {
    const left = await workers.getRegistration(base);
    if (left?.scope === base) await left.unregister();
    return null;
  }
  await quiet();
  const registration = await workers.register(`${base}sw.js`, { scope: base });
  if (!registration) return null;
  watch(registration);
  tellLoaded(registration).catch((error) => console.debug(error));
  return registration;
}

// Reading comes first.
async function quiet() {
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  await new Promise((done) => whenIdle(done, { timeout: IDLE }));
}

// What the page's workers load is in none of the page's own lists: they say it themselves.
const elsewhere = [];
let tell = (addresses) => elsewhere.push(...addresses);
addEventListener("calc-loaded", ({ detail }) => tell(detail));

const addressesOf = (kind) => performance.getEntriesByType(kind).map(({ name }) => name);

async function tellLoaded(registration) {
  if (!registration.active) {
    await new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
  }
  tell = (addresses) => registration.active.postMessage({ kind: "loaded", addresses });
  tell([location.href, ...addressesOf("navigation"), ...addressesOf("resource"), ...elsewhere.splice(0)]);
  // What was on its way when the worker came is told as it arrives; what the worker was asked for it keeps by itself.
  const late = (list) => {
    const addresses = list.getEntries().filter(({ workerStart }) => !workerStart).map(({ name }) => name);
    if (addresses.length) tell(addresses);
  };
  new PerformanceObserver(late).observe({ type: "resource" });
}

// ------------------------------------------------------------------------------------------------- A newer version

const news = document.createElement("div");
news.className = "sw-news";
news.setAttribute("role", "status");
document.body.append(news);

function watch(registration) {
  const controlled = Boolean(workers.controller);
  if (registration.waiting) offer(registration);
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next.addEventListener("statechange", () => {
      if (next.state === "installed" && registration.active) offer(registration);
    });
  });
  // Another tab went over to it.
  if (controlled) workers.addEventListener("controllerchange", () => offer(registration));
  let looked = Date.now();
  const look = () => {
    if (document.hidden || Date.now() - looked < LOOK) return;
    looked = Date.now();
    registration.update().catch(() => {}); // no network
  };
  setInterval(look, LOOK);
  document.addEventListener("visibilitychange", look);
}

function offer(registration) {
  if (news.firstChild) return;
  const text = document.createElement("p");
  text.textContent = "A newer version of this site is ready.";
  const button = (label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", act, { once: true });
    return button;
  };
  const reload = button("Reload", () => {
    reload.disabled = later.disabled = true;
    reload.textContent = "Reloading…";
    goOver(registration);
  });
  const later = button("Later", () => news.replaceChildren());
  news.append(text, reload, later);
}

async function goOver(registration) {
  await new Promise((done) => setTimeout(done, WRITTEN));
  if (registration.waiting) {
    const over = new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
    registration.waiting.postMessage({ kind: "take over" });
    await Promise.race([over, new Promise((done) => setTimeout(done, PATIENCE))]);
  }
  location.reload();
}

// ------------------------------------------------------------------------------------------------- Its own page

// Only the page about it loads what it takes.
function fill() {
  const place = document.querySelector(".sw-offline:not([data-filled])");
  if (!place) return;
  place.dataset.filled = "";
  import("./offline-page.js").then(({ show }) => show(place), (error) => console.warn(error));
}

fill();
globalThis.document$?.subscribe(fill);
