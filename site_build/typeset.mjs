// One long-lived KaTeX: a line of JSON {tex, display} in, a line of JSON {html} or {error} out.
import { createInterface } from "node:readline";
import katex from "katex";
import { typeset } from "../docs/en/assets/js/typeset.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { tex, display } = JSON.parse(line);
  let reply;
  try {
    reply = { html: typeset(katex, tex, display) };
  } catch (error) {
    reply = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
