// A calculator's state in the address: `?conv2d.kernel_size=5`, only what differs from the page.
const delay = 250; // browsers refuse more than about a hundred changes of the address in half a minute
let timer = 0;
const pending = new Map(); // calculators of one page, the one at `place`
let place = "";

export function typedInAddress(id) {
  const typed = new Map();
  for (const [key, text] of new URLSearchParams(location.search)) {
    if (key.startsWith(`${id}.`)) typed.set(key.slice(id.length + 1), text);
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
  for (const key of [...url.searchParams.keys()]) {
    if (key.startsWith(`${id}.`)) url.searchParams.delete(key);
  }
  for (const [name, text] of typed) url.searchParams.set(`${id}.${name}`, text);
  return url;
}
