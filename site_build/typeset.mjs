// One long-lived KaTeX: a line of JSON {tex, display} in, a line of JSON {html} or {error} out.
// The options are those of the page's own worker, so that both give the same string.
import { createInterface } from "node:readline";
import katex from "katex";
import { options } from "../docs/en/assets/js/katex-options.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { tex, display } = JSON.parse(line);
  let reply;
  try {
    reply = { html: katex.renderToString(tex, { ...options, displayMode: display }) };
  } catch (error) {
    reply = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
