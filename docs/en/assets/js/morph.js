// HTML put in the place of other HTML so that what is equal stays: a browser lays out again what was
// touched, and a drawn formula is hundreds of elements of which an edit changes a few digits.
const parser = document.createElement("template");

// Parts that are compared as text first, since the rest is work for each tag; none holds another one.
const PART = /<(td|li)\b[^>]*>(.*?)<\/\1>/gs;
const TOKEN = /<[^>"]*(?:"[^"]*"[^>"]*)*>|[^<]+/g; // a tag, or the text up to the next one
const ATTRIBUTE = /\s([^\s=>]+)(?:="([^"]*)")?/g;

// `before` is what the element holds now, `after` what it shall hold.
export function morph(element, before, after) {
  const [was, is] = [before, after].map((html) => [...html.matchAll(PART)]);
  const frame = (html) => html.replace(PART, (part, name) => part.slice(0, part.indexOf(">") + 1));
  const places = element.querySelectorAll("td, li");
  if (was.length !== is.length || places.length !== is.length || frame(before) !== frame(after)) {
    return put(element, before, after);
  }
  is.forEach(([, , html], at) => html !== was[at][2] && put(places[at], was[at][2], html));
}

function put(element, before, after) {
  const changes = changed(element, before, after);
  if (changes) return changes.forEach((each) => change(...each));
  parser.innerHTML = after;
  become(element, parser.content);
}

// The texts and elements that change, each with its tokens; null where more than texts and attributes is another,
// or where the element holds something else than it was given. Reading HTML would take longest: it is not read here.
function changed(element, before, after) {
  const [was, is] = [before, after].map((html) => html.match(TOKEN) ?? []);
  if (was.length !== is.length) return null;
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const changes = [];
  for (let at = 0; at < is.length; at += 1) {
    const [old, fresh] = [was[at], is[at]];
    if (old.startsWith("</")) {
      if (old !== fresh) return null;
      continue;
    }
    const node = nodes.nextNode();
    if (!node || (old[0] === "<") !== node instanceof Element) return null;
    if (old === fresh) continue;
    if (kind(old) !== kind(fresh) || (node instanceof Text && node.data !== decoded(old))) return null;
    changes.push([node, old, fresh]);
  }
  return nodes.nextNode() ? null : changes;
}

// The start of a tag up to the end of its name; nothing for a text.
const kind = (token) => (token[0] === "<" ? token.match(/^<[^\s>]*/)[0] : "");

function decoded(text) {
  if (!text.includes("&")) return text;
  parser.innerHTML = text;
  return parser.content.textContent;
}

function change(node, old, fresh) {
  if (node instanceof Text) {
    node.data = decoded(fresh);
    return;
  }
  const [was, is] = [old, fresh].map((tag) => [...tag.matchAll(ATTRIBUTE)]);
  const alike = was.length === is.length && was.every(([, name], at) => name === is[at][1]);
  if (!alike) for (const [, name] of was) node.removeAttribute(name);
  is.forEach(([whole, name, text = ""], at) => {
    if (!alike || whole !== was[at][0]) node.setAttribute(name, decoded(text));
  });
}

// The children of one become those of the other, which is used up.
function become(old, fresh) {
  let each = old.firstChild;
  let wanted = fresh.firstChild;
  while (each && wanted) {
    const [next, following] = [each.nextSibling, wanted.nextSibling];
    if (each.nodeName !== wanted.nodeName) each.replaceWith(wanted);
    else if (each instanceof Element) {
      attributes(each, wanted);
      become(each, wanted);
    } else if (each.data !== wanted.data) each.data = wanted.data;
    [each, wanted] = [next, following];
  }
  while (each) {
    const next = each.nextSibling;
    each.remove();
    each = next;
  }
  while (wanted) {
    const following = wanted.nextSibling;
    old.append(wanted);
    wanted = following;
  }
}

function attributes(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  // What a reader has opened stays open.
  for (const { name } of [...old.attributes]) if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
}
