// Panels that come out of the sandbox may have been written by pasted code. Before they touch the page, DOMPurify
// keeps what panels are made of and drops the rest: no script, style, form, link, picture from elsewhere, no id; and
// no class but those of panels, since the theme's could lay a panel over the page.
import { purifyFolder } from "./runtime.js";

const TEXT = "b br code div em figcaption figure h3 h4 i kbd p pre small span strong sub sup wbr";
const TABLES = "caption col colgroup table tbody td tfoot th thead tr";
const LISTS = "dd details dl dt li ol summary ul";
const DRAWINGS = "circle defs desc g line marker path polygon polyline rect svg text title tspan";
const COMMON = "class role tabindex dir lang title open colspan rowspan scope start";
const GEOMETRY =
  "cx cy d dominant-baseline dx dy height markerHeight markerUnits markerWidth orient points preserveAspectRatio " +
  "r refX refY rx ry text-anchor transform viewBox width x x1 x2 y y1 y2";
const CLASSES = /^((calc|box|bar|chip|wire)-[a-z-]+|axis|box|cell|curve|data|end|first|gap|module|pad|second|tip|wire)$/;
const words = (...lists) => lists.join(" ").split(" ");

const KEPT = {
  ALLOWED_TAGS: [...words(TEXT, TABLES, LISTS, DRAWINGS), "#text"],
  ALLOWED_ATTR: words(COMMON, GEOMETRY),
  ALLOW_DATA_ATTR: true,
  ALLOW_ARIA_ATTR: true,
  // The text of what is dropped would be shown as if it belonged there.
  KEEP_CONTENT: false,
};

const address = new URL(`../${purifyFolder}/purify.min.js`, import.meta.url).href;
let loaded = null;
let tries = 0;

// Settles when `clean` may be called. A browser remembers a module that it could not load, by its address.
export function ready() {
  loaded ??= load().catch((error) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

// The next `ready` asks anew for what has not come yet.
export function giveUp() {
  if (!globalThis.DOMPurify) loaded = null;
}

async function load() {
  await import(tries++ ? `${address}?try=${tries}` : address);
  globalThis.DOMPurify.addHook("uponSanitizeAttribute", (_, attribute) => {
    if (attribute.attrName !== "class") return;
    const kept = attribute.attrValue.split(" ").filter((name) => CLASSES.test(name));
    attribute.attrValue = kept.join(" ");
    attribute.keepAttr = kept.length > 0;
  });
}

export function clean(html) {
  return globalThis.DOMPurify.sanitize(html, KEPT);
}
