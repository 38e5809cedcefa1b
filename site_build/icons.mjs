// SVG drawn as PNG. Given on standard input: the SVG, the side in pixels and the paper's colour of each; answers with
// the pictures in base64.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Resvg, initWasm } from "@resvg/resvg-wasm";

await initWasm(readFileSync(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm")));
const pictures = JSON.parse(readFileSync(0, "utf8")).map(({ svg, side, paper }) => {
  const drawn = new Resvg(svg, { fitTo: { mode: "width", value: side }, background: paper });
  return Buffer.from(drawn.render().asPng()).toString("base64");
});
process.stdout.write(JSON.stringify(pictures));
