// JSON in, JSON out: what a script that the build runs in Node has in common with the others. See npm.py.
import { text } from "node:stream/consumers";

// Node would show the line at fault, and one of Pyodide's has half a million characters.
function failed(error) {
  console.error(String(error?.message ?? error));
  process.exit(1);
}
for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, failed);

export async function task(work) {
  console.log(JSON.stringify((await work(JSON.parse(await text(process.stdin)))) ?? {}));
}
