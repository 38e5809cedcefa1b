// What runs inside the frame of the sandbox: Python, from the files that the page handed over.
// Whatever this worker says is what pasted code may have made it say; limits are kept outside.
const PAGE = 65_536; // bytes, WebAssembly's
const MOST_MEMORY = 1024 ** 3 / PAGE; // 1 GiB
const WRITING = 0o1 | 0o2; // O_WRONLY, O_RDWR
const CREATING = 0o100 | 0o1000; // O_CREAT, O_TRUNC
const READ_ONLY = 69; // EROFS

// The memory is made with a maximum that the browser's engine keeps; Python gets a MemoryError there.
let refused = false;
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(limits) {
    super({ ...limits, maximum: Math.min(limits.maximum ?? MOST_MEMORY, MOST_MEMORY) });
  }

  grow(pages) {
    try {
      return super.grow(pages);
    } catch (error) {
      refused = true;
      throw error;
    }
  }
};

onmessage = async ({ data: files }) => {
  try {
    const { answer, add } = await start(files);
    const none = () => {};
    onmessage = ({ data }) => {
      onmessage = ({ data }) => respond(answer, none, data); // code has run
      respond(answer, add, data);
    };
    postMessage({ number: "ready", text: "", kind: "ready" });
  } catch (error) {
    postMessage({ number: "ready", text: String(error), kind: "failed" });
  }
};

async function start(files) {
  const load = (name) => import(URL.createObjectURL(new Blob([files[name]], { type: "text/javascript" })));
  const python = { ...files, "pyodide.asm.wasm": WebAssembly.compile(files["pyodide.asm.wasm"]) };
  const [{ boot, add, broken }, { loadPyodide }] = await Promise.all([
    load("boot.js"),
    load("pyodide.mjs"),
    load("pyodide.asm.js"), // leaves its name on the worker, where Pyodide looks first
  ]);
  const lock = JSON.parse(new TextDecoder().decode(files["lock.json"]));
  const { python: started, answer } = await Promise.race([broken(python), boot(loadPyodide, lock, python)]);
  // What a first answer would import is imported before somebody waits for it.
  started.pyimport("calc.tracing");
  const unsealed = seal(started);
  return { answer, add: (name, bytes) => unsealed(() => add(started, name, bytes)) };
}

// Files and printed text would be kept outside of Python's memory, where no maximum holds: nothing is written, but by
// the function that is returned, and that before any code has run.
function seal(python) {
  for (const name of ["setStdout", "setStderr"]) python[name]({ write: (bytes) => bytes.length });
  const { FS } = python;
  const writable = { ...FS };
  const refuse = () => {
    throw new FS.ErrnoError(READ_ONLY);
  };
  // Pyodide itself opens a device to read the text of an error.
  const { open, mknod } = FS;
  FS.open = (path, flags, ...rest) =>
    flags & CREATING || (flags & WRITING && !String(path).startsWith("/dev/")) ? refuse() : open(path, flags, ...rest);
  FS.mknod = (path, mode, device) => (FS.isChrdev(mode) ? mknod(path, mode, device) : refuse());
  for (const name of ["mkdir", "symlink", "rename", "truncate", "ftruncate", "allocate", "mount"]) FS[name] = refuse;
  const sealed = { ...FS };
  return (write) => {
    Object.assign(FS, writable);
    try {
      write();
    } finally {
      Object.assign(FS, sealed);
    }
  };
}

function respond(answer, add, { number, question, further }) {
  const untypeset = () => {
    throw new Error("panels of the sandbox have no formulas");
  };
  try {
    for (const [name, bytes] of Object.entries(further)) add(name, bytes);
    postMessage({ number, text: answer(question, untypeset), kind: "answer" });
  } catch (error) {
    const kind = refused || error.type === "MemoryError" ? "memory" : "failed";
    postMessage({ number, text: String(error), kind });
  }
}
