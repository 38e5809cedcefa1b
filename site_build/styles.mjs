// One style sheet of many, minified. Given on standard input: `theirs`, of which rules go that no word of `words` asks
// for; and `ours`, whose rules stay and come last. Of both go the properties of their own that nothing refers to.
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const { theirs, ours, words } = JSON.parse(readFileSync(0, "utf8"));

async function without(css, options) {
  const [purged] = await new PurgeCSS().purge({ content: [], css: [{ raw: css }], keyframes: false, ...options });
  return purged.css;
}

const asked = await without(theirs, { content: [{ raw: words.join(" "), extension: "html" }] });
const named = words.filter((word) => word.startsWith("--"));
const css = await without(`${asked}\n${ours}`, { variables: true, safelist: { standard: [/./], variables: named } });
const { code } = await transform(css, { loader: "css", minify: true, charset: "utf8" });
process.stdout.write(code);
