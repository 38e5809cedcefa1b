// What runs inside the frame of the sandbox: Python, from the files that the page handed over.
// Whatever this worker says is what pasted code may have made it say; limits are kept outside.
const FOLDER = "https://files.invalid/"; // asked of our own fetch alone
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
    const answer = await start(files);
    onmessage = ({ data }) => respond(answer, data);
    postMessage({ number: "ready", text: "", kind: "ready" });
  } catch (error) {
    postMessage({ number: "ready", text: String(error), kind: "failed" });
  }
};

async function start(files) {
  const load = (name) => import(URL.createObjectURL(new Blob([files[name]], { type: "text/javascript" })));
  const [{ boot, broken }, { loadPyodide }] = await Promise.all([
    load("boot.js"),
    load("pyodide.mjs"),
    load("pyodide.asm.js"), // leaves its name on the worker, where Pyodide looks first
  ]);
  const handedOver = async (asked) => {
    const name = String(asked?.url ?? asked).slice(FOLDER.length);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return name in files
      ? new Response(files[name], { headers: { "Content-Type": type } })
      : new Response(null, { status: 404 });
  };
  const { python, answer } = await Promise.race([broken(handedOver), boot(loadPyodide, FOLDER)]);
  // What a first answer would import is imported before somebody waits for it.
  python.pyimport("calc.tracing");
  seal(python);
  return answer;
}

// Files and printed text would be kept outside of Python's memory, where no maximum holds: nothing is written.
function seal(python) {
  for (const name of ["setStdout", "setStderr"]) python[name]({ write: (bytes) => bytes.length });
  const { FS } = python;
  const refuse = () => {
    throw new FS.ErrnoError(READ_ONLY);
  };
  // Pyodide itself opens a device to read the text of an error.
  const { open, mknod } = FS;
  FS.open = (path, flags, ...rest) =>
    flags & CREATING || (flags & WRITING && !String(path).startsWith("/dev/")) ? refuse() : open(path, flags, ...rest);
  FS.mknod = (path, mode, device) => (FS.isChrdev(mode) ? mknod(path, mode, device) : refuse());
  for (const name of ["mkdir", "symlink", "rename", "truncate", "ftruncate", "allocate", "mount"]) FS[name] = refuse;
}

function respond(answer, { number, question }) {
  const untypeset = () => {
    throw new Error("panels of the sandbox have no formulas");
  };
  try {
    postMessage({ number, text: answer(question, untypeset), kind: "answer" });
  } catch (error) {
    const kind = refused || error.type === "MemoryError" ? "memory" : "failed";
    postMessage({ number, text: String(error), kind });
  }
}
