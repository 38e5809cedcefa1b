// Answers an edit before Python does: from the trace of the calculator that the page was built with.
// Known here are integers, their operations and how they are written, and nothing of what they stand for.
// Where a decision falls otherwise than when the page was built, the answer is left to Python.

const divided = (a, b) => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};
const divisor = (a, b) => (b ? divisor(b, a % b) : a < 0n ? -a : a);

// The operations of Python's table, under its names; a division by zero is a RangeError.
export const operations = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  floor: divided,
  ceil: (a, b) => -divided(-a, b),
  exact: divided,
  mod: (a, b) => a - b * divided(a, b),
  gcd: divisor,
  scaled: (a, factor) => BigInt(Math.trunc(Number(a) * factor)),
};

export const relations = {
  "<": (a, b) => a < b,
  "==": (a, b) => a === b,
};

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

// Bytes in the largest unit that gives at least 1, two decimals, rounded half up.
const inBytes = (number, base, units) => {
  let factor = 1n;
  let unit = "B";
  for (const larger of units) {
    if (number < factor * base) break;
    factor *= base;
    unit = larger;
  }
  const hundredths = (200n * number + factor) / (2n * factor);
  const decimals = String(hundredths % 100n).padStart(2, "0").replace(/0+$/, "");
  const whole = unit === "B" ? String(number) : grouped(hundredths / 100n);
  return `${whole}${decimals && `.${decimals}`} ${unit}`;
};

const drawn = (text, name) =>
  text
    .split(",")
    .map((digits) => `<span class="${name}">${digits}</span>`)
    .join(`<span class="${name}"><span class="${name.replace("mord", "mpunct")}">,</span></span>`);

// How a number is written, by the kind of its place: plain, grouped, in TeX, in KaTeX's HTML, and there as a base.
export const written = {
  t: (number) => String(number),
  g: (number) => grouped(number),
  b: (number) => inBytes(number, 1024n, ["KiB", "MiB", "GiB"]),
  m: (number) => inBytes(number, 1000n, ["KB", "MB", "GB"]),
  e: (number) => (number < 1000n ? "" : `<small>${grouped(number)} B</small>`),
  x: (number) => grouped(number).replaceAll(",", "{,}"),
  k: (number, name) => drawn(grouped(number), name),
  p: (number, name, outer) => {
    const text = grouped(number);
    const most = text.slice(0, -1);
    return `${most && drawn(most, name)}<span class="${outer}"><span class="${name}">${text.at(-1)}</span>`;
  },
};

export class Trace {
  #data;
  #runs;
  #forms;

  // `baked` are the panels as the page was built with them, by name.
  constructor(data, baked) {
    this.#data = data;
    const [first, ...others] = data.runs;
    const all = ({ fields, guards, without }) => ({
      fields: { ...first.fields, ...fields },
      guards: [...first.guards.filter((each) => !without.includes(each)), ...guards],
    });
    this.#runs = [first, ...others.map(all)];
    this.#forms = Object.entries(data.panels).flatMap(([name, { holes, forms }]) => {
      const whole = cut(baked[name], holes);
      return forms.map(([run, guards, parts]) => ({ name, run, guards, parts: parts ? put(parts, whole) : whole }));
    });
  }

  // The panels that can be filled in for these fields, under their names; null where none can.
  answer(fields) {
    const typed = numbersIn(fields);
    const values = valuesOf(this.#data.nodes, typed);
    const fell = this.#data.guards.map(([relation, left, right, outcome]) => {
      const known = values[left] !== undefined && values[right] !== undefined;
      return known && relations[relation](values[left], values[right]) === Boolean(outcome);
    });
    const holds = (guards) => guards.every((each) => fell[each]);
    const speaks = this.#runs.map((run) => fit(run.fields, fields, typed) && holds(run.guards));
    const panels = {};
    for (const { name, run, guards, parts } of this.#forms) {
      if (name in panels || !speaks[run] || !holds(guards)) continue;
      const html = filled(parts, this.#data.ways, values);
      if (html !== null) panels[name] = html;
    }
    return Object.keys(panels).length ? panels : null;
  }
}

// A panel in turns: the text up to a hole, the hole.
function cut(html, holes) {
  const parts = [];
  let at = 0;
  for (const [gap, length, ...hole] of holes) {
    parts.push(html.slice(at, at + gap), hole);
    at += gap + length;
  }
  return [...parts, html.slice(at)];
}

// Another form of a panel: two numbers stand for what it shares with the whole one, from here to there.
function put(parts, whole) {
  const all = [];
  for (let at = 0; at < parts.length; at += 1) {
    if (typeof parts[at] !== "number") all.push(parts[at]);
    else all.push(...whole.slice(parts[at], parts[(at += 1)]));
  }
  return all;
}

// The numbers that were typed into each field; a field that holds none as the page takes it is left out.
function numbersIn(fields) {
  const typed = {};
  for (const [name, text] of Object.entries(fields)) {
    if (!/^ *(0|[1-9][0-9]{0,9})( *, *(0|[1-9][0-9]{0,9}))* *$/.test(text)) continue;
    typed[name] = text.split(",").map((part) => BigInt(part.trim()));
  }
  return typed;
}

// Whether the fields are what a run speaks of: a text that it keeps, or so many numbers, all equal (1) or all different (0).
function fit(wanted, fields, typed) {
  return Object.entries(wanted).every(([name, kept]) => {
    if (typeof kept === "string") return fields[name] === kept;
    const numbers = typed[name];
    const [count, alike] = kept;
    if (numbers?.length !== count) return false;
    return alike === undefined || new Set(numbers).size === (alike ? 1 : count);
  });
}

// The value of each expression; undefined where it does not come about.
function valuesOf(nodes, typed) {
  const values = [];
  for (const [kind, a, b] of nodes) {
    if (kind === "c") values.push(BigInt(a));
    else if (kind === "f") values.push(a);
    else if (kind === "x") values.push(typed[a]?.[b]);
    else values.push(operated(kind, values[a], values[b]));
  }
  return values;
}

function operated(kind, a, b) {
  if (a === undefined || b === undefined) return undefined;
  try {
    return operations[kind](a, b);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

// The text of a panel; null where a number of it does not come about.
function filled(parts, ways, values) {
  let html = "";
  for (const part of parts) {
    if (typeof part === "string") {
      html += part;
      continue;
    }
    const [way, ...groups] = part;
    const [kind, ...names] = ways[way];
    if (groups.flat().some((number) => values[number] === undefined)) return null;
    html += kind === "c" ? chosen(names, groups, values) : written[kind](values[groups[0]], ...names);
  }
  return html;
}

// Of several texts the one for numbers with or without a comma: a comma needs room.
function chosen(texts, groups, values) {
  const large = (number) => values[number] >= 1000n;
  const bits = groups.map((group, place) => ([].concat(group).some(large) ? 1 << place : 0));
  return texts[bits.reduce((sum, bit) => sum + bit, 0)];
}
