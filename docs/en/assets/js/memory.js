// Python's memory as it is after its start, kept by the reader's own browser: the next start goes on from there.
// It belongs to one build, whose name its cache has; it is held against its checksum, and whatever is wrong with it, it
// is forgotten and Python starts from its files.
import { pythonFolder } from "./runtime.js";

const NAME = pythonFolder.split("/").at(-1);
const ADDRESS = new URL(`../${pythonFolder}/memory`, import.meta.url).href;
const SIZE = "x-size"; // bytes, the zeros at the end included, which are not kept
const SUM = "x-sum";

async function sum(bytes) {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].join();
}

async function found() {
  return (await caches.has(NAME)) ? (await caches.open(NAME)).match(ADDRESS) : undefined;
}

export async function recalled() {
  try {
    const response = await found();
    if (!response) return null;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.headers.get(SUM) !== (await sum(bytes))) throw new Error("the memory that was kept has changed");
    const memory = new Uint8Array(Number(response.headers.get(SIZE)));
    memory.set(bytes);
    return memory;
  } catch (error) {
    console.warn(error);
    await forget();
    return null;
  }
}

export async function keep(memory) {
  let end = memory.length;
  while (end && memory[end - 1] === 0) end -= 1;
  const bytes = memory.subarray(0, end);
  const headers = { [SIZE]: memory.length, [SUM]: await sum(bytes) };
  await (await caches.open(NAME)).put(ADDRESS, new Response(bytes, { headers }));
}

export async function forget() {
  await globalThis.caches?.delete(NAME).catch(() => {});
}

// Whether there is a place for it, it is not there yet, and the reader has not asked to save data.
export async function isWanted() {
  try {
    return !navigator.connection?.saveData && Boolean(crypto.subtle) && !(await found());
  } catch {
    return false; // a private window
  }
}
