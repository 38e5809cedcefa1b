// The page's own evaluator, asked line by line: {trace, baked, edits} to the panels of each edit.
import { createInterface } from "node:readline";
import { Trace } from "../../docs/en/assets/js/replay.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { trace, baked, edits } = JSON.parse(line);
  const made = new Trace(trace, baked);
  console.log(JSON.stringify(edits.map((fields) => made.answer(fields))));
}
