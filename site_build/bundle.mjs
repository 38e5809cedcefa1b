// Puts scripts that a page loads together into one file each. Given on standard input: the folder of the modules, the
// entries, in the order in which a page runs them, and the workers. Answers with files by name: each bundle under its
// entry's name, its map, and for every other module of a page's bundle a file that hands its exports on, so that each
// keeps its address and is there once. What is imported while the page runs stays a file of its own.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const { folder, entries, workers } = JSON.parse(readFileSync(0, "utf8"));
const CONSTANTS = "runtime.js"; // may be there twice
const SMALL = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  sourcemap: "linked",
  sourcesContent: true,
  write: false,
};
const files = {};
const placed = new Map(); // modules to the entry that has them

async function add(name, options) {
  const { outputFiles } = await build({ ...SMALL, ...options, outfile: `${folder}/${name}` });
  for (const { path, text } of outputFiles) files[basename(path)] = text;
}

for (const entry of entries) {
  const apart = {
    name: "apart",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\// }, ({ path, kind }) => {
        if (kind === "dynamic-import") return { path, external: true };
        const there = placed.get(basename(path));
        return there && { path: `./${there}`, external: true };
      });
    },
  };
  const exported = async (name) => {
    const { metafile } = await build({ entryPoints: [`${folder}/${name}`], format: "esm", write: false, metafile: true });
    return Object.values(metafile.outputs)[0].exports;
  };
  const scan = await build({ entryPoints: [`${folder}/${entry}`], bundle: true, format: "esm", write: false, metafile: true, plugins: [apart] });
  const modules = Object.keys(scan.metafile.inputs).map((path) => basename(path));
  const lines = [`import "./${entry}";`];
  const names = new Set();
  for (const module of modules) {
    if (module === entry || module === CONSTANTS) continue;
    const handed = await exported(module);
    for (const name of handed) {
      if (names.has(name)) throw new Error(`${entry}: two of its modules export ${name}; give one another name`);
      names.add(name);
    }
    if (handed.length) lines.push(`export { ${handed.join(", ")} } from "./${module}";`);
    files[module] = handed.length ? `export { ${handed.join(", ")} } from "./${entry}";\n` : `import "./${entry}";\n`;
  }
  const stdin = { contents: lines.join("\n"), resolveDir: folder, sourcefile: entry.replace(".js", ".all.js") };
  await add(entry, { stdin, plugins: [apart] });
  for (const module of modules) if (module !== CONSTANTS) placed.set(module, entry);
}
// A worker has its modules for itself.
for (const worker of workers) await add(worker, { entryPoints: [`${folder}/${worker}`] });
process.stdout.write(JSON.stringify(files));
