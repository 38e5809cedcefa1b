// Compiles the modules of an archive in the interpreter that will run them: see archive.py.
import { basename, dirname } from "node:path";
import { loadPyodide } from "pyodide";
import { task } from "./task.mjs";

task(async ({ archive, env }) => {
  const python = await loadPyodide({ env });
  python.mountNodeFS("/archive", dirname(archive));
  python.globals.set("path", `/archive/${basename(archive)}`);
  python.runPython(`
import os, zipfile
from importlib.util import source_hash
from importlib._bootstrap_external import _code_to_hash_pyc

with zipfile.ZipFile(path) as archive:
    sources = {name: archive.read(name) for name in archive.namelist()}
with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
    for name, source in sources.items():
        code = compile(source, name, "exec", dont_inherit=True, optimize=int(os.environ["PYTHONOPTIMIZE"]))
        archive.writestr(name + "c", bytes(_code_to_hash_pyc(code, source_hash(source))))
`);
});
