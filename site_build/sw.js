// The service worker: what was read opens without the network, and costs nothing the second time.
//
// site_build/offline.py puts two constants before this text: BUILD, the build's name, and FILES, every file of the
// build by its path: [the beginning of its content's SHA-256, its bytes].
//
// One cache holds what is kept, each file under its address and its content's hash. A worker keeps and gives only what
// has the hash that its own build names, so it can never mix two builds, and a file that both builds have is downloaded
// once. A file of the site that is not kept comes from the network, as it would without this worker.
//
// A newer build's worker fetches what was kept before, in its own version, and then waits until the reader wants it.
// Older files stay for the tabs that still show the older build, and go with the last of them.
const SCOPE = registration.scope;
const CACHE = `shapewise ${SCOPE}`;
const TABS = `${SCOPE}?tabs`; // entries of the cache that are no files: the tabs of older builds,
const WHOLE = `${SCOPE}?whole`; // and whether all of the site is to be kept
const OFFLINE = "offline/index.html"; // the page that stands in for one that is not there
const ALWAYS = /^offline\/index\.html$|\/offline(?:-page)?\.js$/; // kept from the first visit on: it, its script and what that imports
const FRAME = /\/sandbox\/frame\.html$/;
const LARGE = 1_000_000; // bytes; what is larger is checked after it was given, so that it can be used as it arrives
const AT_ONCE = 6; // downloads side by side
const PAUSE = 60_000; // milliseconds between two looks for a newer build

const files = new Map(Object.entries(FILES));
const sound = new Set(); // paths whose kept content was found to be right since this worker started
let looked = 0;

// ---------------------------------------------------------------------------------------------------------- Names

// The file of an address, as FILES names it; null for what is outside of the site.
function pathOf(address) {
  if (!address.startsWith(SCOPE)) return null;
  try {
    const path = decodeURIComponent(new URL(address).pathname.slice(new URL(SCOPE).pathname.length));
    return path === "" || path.endsWith("/") ? `${path}index.html` : path;
  } catch {
    return null;
  }
}

const keyOf = (path) => `${SCOPE}${encodeURI(path)}?${files.get(path)[0]}`;
const hashOf = (key) => new URL(key).search.slice(1);
const isPage = (path) => path.endsWith(".html") && !path.startsWith("assets/") && path !== "404.html";

// A file's name without the version or hash in it: what a file is called in every build.
const lasting = (path) => path.replace(/[-.](?:[0-9a-f]{8,}|\d+(?:\.\d+)+)(?=[./])/g, "");

// ---------------------------------------------------------------------------------------------------------- Store

// Storage may be forbidden, as in a private window: then nothing is kept and all goes on as without a worker.
async function store() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...hash)).replaceAll("+", "-").replaceAll("/", "_");
}

const isRight = async (path, bytes) => (await digest(bytes)).startsWith(files.get(path)[0]);

// A file as it is kept, or undefined. What storage gives back is not taken at its word: a damaged file is forgotten.
async function kept(path, event) {
  try {
    const cache = await store();
    const response = await cache?.match(keyOf(path), { ignoreVary: true });
    if (!response || sound.has(path)) return response;
    if (files.get(path)[1] > LARGE) {
      event.waitUntil(checked(path, cache, response.clone()).catch(() => {}));
      return response;
    }
    return await checked(path, cache, response);
  } catch {
    return undefined;
  }
}

async function checked(path, cache, response) {
  const bytes = await response.arrayBuffer().catch(() => new ArrayBuffer());
  if (await isRight(path, bytes)) {
    sound.add(path);
    return new Response(bytes, { headers: response.headers });
  }
  await cache.delete(keyOf(path));
  return undefined;
}

// Keeps a file if it is the one that this build names; says whether it is. Raises where storage does.
async function keep(path, response) {
  const bytes = await response.arrayBuffer();
  if (!(await isRight(path, bytes))) return false;
  // Written anew, a response has no address of its own and takes that of the question: modules find each other by it.
  const headers = new Headers(response.headers);
  for (const name of ["Vary", "Content-Encoding", "Content-Length"]) headers.delete(name);
  const cache = await store();
  await cache?.put(keyOf(path), new Response(bytes, { headers }));
  return true;
}

// Has a file kept: it is there, or the same content is under another name, or it is fetched.
// The answer is the reason why it is not kept: "network", "build" (the server has another build's), "storage".
async function obtain(path, same, options) {
  const cache = await store();
  if (!cache) return "storage";
  let response;
  try {
    if (await cache.match(keyOf(path), { ignoreVary: true })) return null;
    const twin = same.get(files.get(path)[0]);
    response = twin && (await cache.match(twin, { ignoreVary: true }));
  } catch {
    return "storage";
  }
  try {
    response ??= await fetch(SCOPE + encodeURI(path).replace(/(^|\/)index\.html$/, "$1"), options);
    if (!response.ok) return "network";
  } catch {
    return "network";
  }
  try {
    return (await keep(path, response)) ? null : "build";
  } catch {
    return "storage";
  }
}

// The keys of all files that are kept, of whatever build.
async function contents() {
  try {
    const keys = (await (await store()).keys()).map(({ url }) => url);
    return keys.filter((url) => url !== TABS && url !== WHOLE);
  } catch {
    return [];
  }
}

async function isWhole() {
  try {
    return Boolean(await (await store()).match(WHOLE));
  } catch {
    return false;
  }
}

// Has many files kept, some side by side; `each` is told of every file and may end it by returning false.
async function obtainAll(paths, options, each) {
  const same = new Map((await contents()).map((key) => [hashOf(key), key]));
  const left = [...paths];
  const one = async () => {
    for (let path; (path = left.shift()) !== undefined; ) {
      if (each(path, await obtain(path, same, options(path))) === false) left.length = 0;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

// The browser's own cache may hold a page of an older build, whose files the server has no more.
const freshest = (path) => (path.endsWith(".html") ? { cache: "no-cache" } : {});
const saving = () => Boolean(navigator.connection?.saveData);

// --------------------------------------------------------------------------------------------- From build to build

addEventListener("install", (event) => event.waitUntil(prepare()));

// What was kept of an older build is kept of this one too, before it offers itself; nobody is waiting for it.
async function prepare() {
  const before = new Set((await contents()).map((key) => lasting(pathOf(key))));
  const all = await isWhole();
  const wanted = (path) => ALWAYS.test(path) || (!saving() && (all || before.has(lasting(path))));
  let missed = null;
  await obtainAll([...files.keys()].filter(wanted), freshest, (path, fault) => {
    // Without room for it this build works too, with the network. But half of a build is none: the browser tries again.
    if (fault && fault !== "storage") missed ??= `${path} could not be had: ${fault}`;
    return !missed;
  });
  if (missed) throw new Error(missed);
}

addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  const cache = await store();
  const tabs = await openTabs();
  await cache?.put(TABS, new Response(JSON.stringify(tabs))).catch(() => {});
  await clients.claim();
  await prune();
}

const openTabs = async () => (await clients.matchAll({ type: "window", includeUncontrolled: true })).map(({ id }) => id);

// Removes what only older builds name, once no tab shows one of them and no newer build is collecting its files.
async function prune() {
  try {
    const cache = await store();
    const older = (await (await cache.match(TABS))?.json()) ?? [];
    const open = await openTabs();
    if (older.some((id) => open.includes(id))) return;
    const names = new Set([...files.keys()].map(keyOf).concat(WHOLE));
    for (const { url } of await cache.keys()) {
      if (registration.installing || registration.waiting) return;
      if (!names.has(url)) await cache.delete(url);
    }
    await forgetMemory((folder) => ![...files.keys()].some((path) => path.startsWith(`assets/${folder}/`)));
  } catch {
    // Storage failed: there is nothing to remove, or it is tried again.
  }
}

// Python's memory as it was after its start is kept by the page, in a cache named after the folder of its files.
async function forgetMemory(which) {
  for (const name of await caches.keys()) {
    if (!/^python-[\w-]+$/.test(name) || !which(name)) continue;
    const [first] = await (await caches.open(name)).keys();
    if (!first || first.url.startsWith(SCOPE)) await caches.delete(name);
  }
}

// The server has another build than this one.
function look() {
  if (Date.now() - looked < PAUSE) return;
  looked = Date.now();
  registration.update().catch(() => {});
}

// -------------------------------------------------------------------------------------------------------- Answers

addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== "GET" || path === null || path === "sw.js" || request.headers.has("Range")) return;
  event.respondWith(files.has(path) ? listed(path, event) : unlisted(path, event));
});

async function listed(path, event) {
  // Who was given a large file that is damaged asks for it anew (assets/js/python-files.js).
  const anew = event.request.cache === "reload";
  const response = (anew ? undefined : await kept(path, event)) ?? (await fetched(path, event));
  return FRAME.test(path) && response.ok ? sealed(response) : response;
}

// A frame whose attribute takes its origin away is never asked of a service worker. So the page leaves the frame its
// origin, and the frame in which pasted code runs loses it by its policy (see assets/js/sandbox.js, which makes sure).
function sealed(response) {
  const headers = new Headers(response.headers);
  headers.append("Content-Security-Policy", "sandbox allow-scripts");
  return new Response(response.body, { headers });
}

async function fetched(path, event) {
  const { request } = event;
  let response;
  try {
    response = await fetch(request, request.cache === "default" ? freshest(path) : {});
  } catch {
    return missing(path, request);
  }
  if (response.ok && !response.redirected) {
    const copy = response.clone();
    event.waitUntil(keep(path, copy).then((right) => right || look(), () => {}));
  }
  return response;
}

// Nothing of this build has that address.
async function unlisted(path, event) {
  const { request } = event;
  if (request.mode === "navigate" && files.has(`${path}/index.html`)) {
    return Response.redirect(`${SCOPE}${encodeURI(path)}/${new URL(request.url).search}`);
  }
  try {
    // A tab that shows an older build gets that build's files.
    const older = path.startsWith("assets/") && (await (await store())?.match(request, { ignoreSearch: true, ignoreVary: true }));
    if (older) return older;
  } catch {
    // Storage failed; the network is asked.
  }
  try {
    return await fetch(request);
  } catch {
    return missing(path, request);
  }
}

// Without the network, and not kept: a page has one in its place that says so.
function missing(path, request) {
  if (request.mode !== "navigate" || path === OFFLINE) return Response.error();
  const wanted = new URL(request.url);
  return Response.redirect(`${SCOPE}offline/?page=${encodeURIComponent(wanted.href.slice(SCOPE.length))}`);
}

// ------------------------------------------------------------------------------------------------- What pages ask

addEventListener("message", (event) => {
  const { kind, addresses } = event.data ?? {};
  const [port] = event.ports;
  const tell = (news) => port?.postMessage(news);
  const deeds = {
    loaded: () => loaded(addresses),
    "take over": () => skipWaiting(),
    status: async () => tell(await status()),
    "keep all": () => keepAll(tell),
    forget: async () => tell(await forget()),
  };
  if (Object.hasOwn(deeds, kind)) event.waitUntil(deeds[kind]());
});

// A page tells what it loaded before this worker was there; the browser's cache still has it.
async function loaded(addresses) {
  const paths = new Set(addresses.map(pathOf).filter((path) => files.has(path)));
  await obtainAll(paths, () => ({ cache: saving() ? "only-if-cached" : "force-cache", mode: "same-origin" }), () => {});
  await prune();
}

async function status() {
  const keys = new Set(await contents());
  const here = [...files.keys()].filter((path) => keys.has(keyOf(path)));
  const bytes = (paths) => paths.reduce((sum, path) => sum + files.get(path)[1], 0);
  return {
    build: BUILD,
    pages: here.filter(isPage).map((path) => path.replace(/(^|\/)index\.html$/, "$1")),
    all: [...files.keys()].filter(isPage).length,
    bytes: bytes(here),
    total: bytes([...files.keys()]),
    complete: here.length === files.size,
  };
}

async function keepAll(tell) {
  let [done, why] = [0, null];
  await obtainAll(files.keys(), freshest, (path, fault) => {
    why ??= fault;
    done += files.get(path)[1];
    if (!why) tell({ done });
    return !why;
  });
  if (!why) {
    const cache = await store();
    await cache?.put(WHOLE, new Response()).catch(() => {});
  }
  if (why === "build") look();
  tell({ why, ...(await status()) });
}

async function forget() {
  try {
    await caches.delete(CACHE);
    await forgetMemory(() => true);
    sound.clear();
  } catch {
    // There was nothing.
  }
  return status();
}
