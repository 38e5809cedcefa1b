// A calculator's state in the address: `?conv2d.kernel_size=5`, only what differs from the page.
const delay = 250; // browsers refuse more than about a hundred changes of the address in half a minute
const LONGEST = 10_000; // characters of a value, as many as calc.knob reads
let timer = 0;
const pending = new Map(); // calculators of one page, the one at `place`
let place = "";

// A link that is not followed, and why, in a sentence for the reader.
export class LinkError extends Error {}

// The texts for a calculator, by the names that it knows.
export function typedInAddress(id, knows) {
  const typed = new Map();
  for (const [key, text] of new URLSearchParams(location.search)) {
    const name = key.slice(id.length + 1);
    if (!key.startsWith(`${id}.`) || !knows(name)) continue;
    if (text.length > LONGEST) {
      const [length, most] = [text.length, LONGEST].map((each) => each.toLocaleString("en"));
      throw new LinkError(`The link gives ${name} ${length} characters; at most ${most} are read. The page’s own values stand.`);
    }
    typed.set(name, text);
  }
  return typed;
}

export function addressOf(id, typed) {
  const url = withState(new URL(location.href), id, typed);
  url.hash = id;
  return url.href;
}

export function keepInAddress(id, typed) {
  // A page left in the meantime must not write into the address of the next one.
  if (place !== location.pathname) pending.clear();
  place = location.pathname;
  pending.set(id, typed);
  clearTimeout(timer);
  timer = setTimeout(() => {
    let url = new URL(location.href);
    if (place === url.pathname) {
      for (const [each, state] of pending) url = withState(url, each, state);
      history.replaceState(history.state, "", url);
    }
    pending.clear();
  }, delay);
}

// The calculator is gone: what it had still to write belongs to an entry of the history that was left.
export function leaveAddress(id) {
  pending.delete(id);
}

function withState(url, id, typed) {
  // In one go: each change of `searchParams` writes the whole address, and a link can have thousands of keys.
  const all = [...url.searchParams];
  const others = all.filter(([key]) => !key.startsWith(`${id}.`));
  const own = typed.filter(([, text]) => text.length <= LONGEST).map(([name, text]) => [`${id}.${name}`, text]);
  if (own.length || others.length < all.length) url.search = new URLSearchParams([...others, ...own]);
  return url;
}
