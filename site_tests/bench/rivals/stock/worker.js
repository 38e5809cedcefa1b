// The answer is the package's own, in Python; what is asked before it is there waits in `ready`.
// FILES, PYODIDE and WHEEL stand for names that carry a version (competitors.py).
import { loadPyodide } from "../../PYODIDE/pyodide.mjs";

const PROGRAM = `
import json
import calc

def whole(text):
    first, *rest = map(int, text.split(","))
    return (first, *rest) if rest else first

def answer(question):
    fields = {name: whole(text) for name, text in json.loads(question).items()}
    shape = fields.pop("input")
    conv = calc.layer("Conv2d", **fields)
    return json.dumps({"shape": str(conv(shape)), "params": f"{conv.params:,}", "formula": calc.derivation_text(conv, shape)})
`;

async function start() {
  const pyodide = await loadPyodide();
  await pyodide.loadPackage(new URL("WHEEL", import.meta.url).href);
  pyodide.runPython(PROGRAM);
  return pyodide.globals.get("answer");
}

const ready = start();

onmessage = async ({ data }) => {
  const answer = await ready;
  postMessage(answer(data));
};
