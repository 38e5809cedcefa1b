// Takes out of a WebAssembly module what cannot be reached: exports that nobody asks for, and then the body of every
// function to which no call, table, start or export leads. Functions keep their numbers and everything else stays
// as it is, byte for byte, so there is nothing to translate; an emptied body is three bytes and traps.
// The format: WebAssembly core specification 3.0, chapter 5.
const IMPORT = 2;
const EXPORT = 7;
const START = 8;
const ELEMENTS = 9;
const CODE = 10;
const EMPTIED = [3, 0, 0x00, 0x0b]; // size, no locals, unreachable, end

class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  // An unsigned number; of a signed one only the length is right, which is all that is needed here.
  number() {
    let value = 0;
    let shift = 0;
    let byte;
    do {
      byte = this.byte();
      if (shift < 32) value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return value >>> 0;
  }

  numbers() {
    return Array.from({ length: this.number() }, () => this.number());
  }

  name() {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value);
  return bytes;
}

function sections(bytes) {
  const reader = new Reader(bytes, 8);
  const found = [];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.number();
    found.push({ id, content: bytes.subarray(reader.at, reader.at + size) });
    reader.at += size;
  }
  return found;
}

// How many numbers follow an instruction, where that is all there is to say; of calls the first is the function.
const FOLLOWED = new Map();
const followed = (count, ...codes) => codes.forEach((code) => FOLLOWED.set(code, count));
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
followed(0, 0x00, 0x01, 0x05, 0x0a, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0xd1, ...range(0x45, 0xc4));
followed(1, 0x02, 0x03, 0x04, 0x06, 0x07, 0x08, 0x09, 0x0c, 0x0d, 0x10, 0x12, 0x18, ...range(0x20, 0x26));
followed(1, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2);
followed(2, 0x11, 0x13, ...range(0x28, 0x3e));
const LONG_FOLLOWED = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1]; // after 0xfc
const OPENING = new Set([0x02, 0x03, 0x04, 0x06]);
const NAMES_FUNCTION = new Set([0x10, 0x12, 0xd2]); // call, return_call, ref.func
const NAMES_GLOBAL = new Set([0x23, 0x24]); // global.get, global.set

// The functions and globals that a body names. A byte taken for another would not lead to its end: that is checked.
function named(body) {
  const reader = new Reader(body);
  for (let group = reader.number(); group > 0; group--) {
    reader.number();
    reader.byte();
  }
  const functions = [];
  const globals = [];
  let depth = 1;
  while (depth) {
    const code = reader.byte();
    if (code === 0x0e) {
      reader.numbers(); // br_table
      reader.number();
    } else if (code === 0x1c) reader.numbers();
    else if (code === 0x43) reader.at += 4;
    else if (code === 0x44) reader.at += 8;
    else {
      const count = code === 0xfc ? LONG_FOLLOWED[reader.number()] : FOLLOWED.get(code);
      if (count === undefined) throw new Error(`unknown WebAssembly instruction 0x${code?.toString(16)}`);
      for (let each = 0; each < count; each++) {
        const value = reader.number();
        if (NAMES_FUNCTION.has(code)) functions.push(value);
        else if (NAMES_GLOBAL.has(code)) globals.push(value);
      }
    }
    if (OPENING.has(code)) depth += 1;
    else if (code === 0x0b || code === 0x18) depth -= 1; // end; delegate ends a try as well
  }
  if (reader.at !== body.length) throw new Error("a WebAssembly function was misread");
  return { functions, globals };
}

// The names of imported functions and of imported globals, each in the order of their numbers.
function imported(content) {
  const reader = new Reader(content);
  const functions = [];
  const globals = [];
  for (let left = reader.number(); left > 0; left--) {
    reader.name();
    const name = reader.name();
    const kind = reader.byte();
    if (kind === 0) {
      functions.push(name);
      reader.number();
    } else if (kind === 3) {
      globals.push(name);
      reader.at += 2; // type, mutability
    } else if (kind === 4) {
      reader.byte(); // a tag
      reader.number();
    } else {
      if (kind === 1) reader.byte(); // a table's element type, then limits as a memory has
      const limits = reader.byte();
      reader.number();
      if (limits & 1) reader.number();
    }
  }
  return { functions, globals };
}

function exportsKept(content, isKept) {
  const reader = new Reader(content);
  const kept = [];
  const functions = [];
  for (let left = reader.number(); left > 0; left--) {
    const start = reader.at;
    const name = reader.name();
    const kind = reader.byte();
    const index = reader.number();
    if (!isKept(name)) continue;
    kept.push(content.subarray(start, reader.at));
    if (kind === 0) functions.push(index);
  }
  return { content: Buffer.concat([Buffer.from(leb(kept.length)), ...kept]), functions };
}

// Active segments of function numbers alone: all that a linker writes for a table of functions.
function elements(content) {
  const reader = new Reader(content);
  const functions = [];
  for (let left = reader.number(); left > 0; left--) {
    if (reader.number() !== 0) throw new Error("a table of another form than a linker writes");
    while (reader.byte() !== 0x0b) reader.number(); // where it goes: a constant or a global
    functions.push(...reader.numbers());
  }
  return functions;
}

// The module without exports that are not kept and without what only they led to; and the names of what is imported
// and still used. Globals that only other globals or segments use are not looked for: a linker's have no use there.
export function cut(bytes, isKept) {
  const all = sections(bytes);
  const section = (id) => all.find((each) => each.id === id);
  const { functions, globals } = imported(section(IMPORT).content);

  const { content, functions: exported } = exportsKept(section(EXPORT).content, isKept);
  section(EXPORT).content = content;

  const reader = new Reader(section(CODE).content);
  const bodies = Array.from({ length: reader.number() }, () => {
    const size = reader.number();
    reader.at += size;
    return reader.bytes.subarray(reader.at - size, reader.at);
  });

  const reached = new Set([...exported, ...elements(section(ELEMENTS).content)]);
  if (section(START)) reached.add(new Reader(section(START).content).number());
  const read = new Set();
  for (const index of reached) {
    if (index < functions.length) continue;
    const uses = named(bodies[index - functions.length]);
    for (const each of uses.functions) reached.add(each);
    for (const each of uses.globals) read.add(each);
  }
  const emptied = Buffer.from(EMPTIED);
  const written = bodies.map((body, index) =>
    reached.has(index + functions.length) ? Buffer.concat([Buffer.from(leb(body.length)), body]) : emptied,
  );
  section(CODE).content = Buffer.concat([Buffer.from(leb(bodies.length)), ...written]);
  const module = Buffer.concat([
    bytes.subarray(0, 8),
    ...all.flatMap(({ id, content }) => [Buffer.from([id, ...leb(content.length)]), content]),
  ]);
  return {
    module,
    called: functions.filter((_, index) => reached.has(index)),
    read: globals.filter((_, index) => read.has(index)),
  };
}
