// A worker script of somebody who has got out of Python: it tries what a worker can do, and tells what came of it.
// Run in the sandbox's frame and, to show that the tries would be noticed, in a worker of the page itself.
const tries = (addresses) => {
  const once = (target, good, bad) =>
    new Promise((resolve, reject) => {
      for (const name of good) target.addEventListener(name, resolve);
      for (const name of bad) target.addEventListener(name, () => reject(new Error(name)));
    });
  const within = (promise) =>
    Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), 1000))]);
  const blob = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const network = {
    fetch: (url) => fetch(url),
    "fetch, opaque": (url) => fetch(url, { mode: "no-cors" }),
    "fetch, kept alive": (url) => fetch(url, { method: "POST", keepalive: true, mode: "no-cors", body: "x" }),
    XMLHttpRequest: (url) => {
      const request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.send();
    },
    WebSocket: (url) => once(new WebSocket(url.replace("http", "ws")), ["open"], ["error", "close"]),
    EventSource: (url) => once(new EventSource(url), ["open"], ["error"]),
    importScripts: (url) => importScripts(url),
    import: (url) => import(url),
    "nested worker": (url) => once(new Worker(url), ["message"], ["error"]),
    "importScripts, hidden in data": (url) => importScripts(`data:text/javascript,importScripts("${encodeURI(url)}")`),
    "import, hidden in data": (url) => import(`data:text/javascript,import "${url}"`),
    "worker of data": async (url) => {
      const nested = new Worker(`data:text/javascript,fetch("${url}").then(() => postMessage(1), () => postMessage(0))`);
      const { data } = await once(nested, ["message"], ["error"]);
      if (!data) throw new Error("refused");
    },
    "module worker": (url) => once(new Worker(url, { type: "module" }), ["message"], ["error"]),
    WebTransport: (url) => new WebTransport(url.replace("http:", "https:")).ready,
    "nested worker of its own": async (url) => {
      const nested = new Worker(blob(`fetch(${JSON.stringify(url)}).then(() => postMessage(1), () => postMessage(0))`));
      const { data } = await once(nested, ["message"], ["error"]);
      if (!data) throw new Error("refused");
    },
  };
  const here = {
    indexedDB: () => once(indexedDB.open("x"), ["success"], ["error"]),
    caches: () => caches.open("x"),
    files: () => navigator.storage.getDirectory(),
    locks: () => navigator.locks.request("x", () => {}),
    cookies: () => cookieStore.getAll(),
    localStorage: () => localStorage.length,
    document: () => document.title,
    parent: () => parent.document,
    "shared worker": () => once(new SharedWorker(blob("onconnect = ({ ports }) => ports[0].postMessage(1)")).port, ["message"], ["error"]),
    "service worker": () => navigator.serviceWorker.register("sw.js"),
    "service worker's registration": () => registration.unregister(),
    "a word to the pages": () => {
      const channel = new BroadcastChannel("pages");
      const answered = once(channel, ["message"], ["messageerror"]);
      channel.postMessage("is anybody there?");
      return within(answered);
    },
    "kept for good": () => navigator.storage.persist(),
    "a window": () => open("about:blank"),
    "the page's address": () => (top.location = "about:blank"),
    "a connection of its own": () => new RTCPeerConnection(),
    "memory that is shared": () => new SharedArrayBuffer(1),
    notices: () => Notification.requestPermission(),
    clipboard: () => navigator.clipboard.readText(),
    cameras: () => navigator.mediaDevices.enumerateDevices(),
    place: () => navigator.geolocation.getCurrentPosition(() => {}),
    "files on the disk": () => showOpenFilePicker(),
    eval: () => (0, eval)("1"),
    Function: () => new Function("return 1")(),
  };
  return [
    ...Object.entries(here),
    ...Object.entries(addresses).flatMap(([to, url]) =>
      Object.entries(network).map(([name, go]) => [`${name}, ${to}`, () => go(`${url}${encodeURIComponent(name)}`)]),
    ),
  ];
};

onmessage = async () => {
  const outcomes = await Promise.all(
    tries(ADDRESSES).map(async ([name, go]) => {
      try {
        await go();
        return [name, "reached"];
      } catch (error) {
        return [name, String(error?.message ?? error)];
      }
    }),
  );
  postMessage({ number: "ready", text: JSON.stringify(Object.fromEntries(outcomes)), kind: "ready" });
};
