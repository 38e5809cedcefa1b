// The service worker of `mkdocs serve`: it takes the place of one that a published build left at this address, removes
// what that one kept, and goes. What is being written is always shown as it is.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) {
    if (name === `shapewise ${registration.scope}` || /^python-[\w-]+$/.test(name)) await caches.delete(name);
  }
  await registration.unregister();
  for (const tab of await clients.matchAll({ type: "window" })) tab.navigate(tab.url);
}
