// A static host as a good one is: HTTP/2, brotli at its best from what was compressed beforehand, true types, and the
// headers that let a browser keep what never changes. Usage: node server.mjs FOLDER KEPT PORT
//
// FOLDER is served; what is compressed is kept in KEPT by its content. One line of JSON goes out when it listens.
// POST /reset and GET /sent tell how many bytes of bodies have left, a second opinion on what the browser counts.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { extname, join, relative, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { certificate } from "./certificate.mjs";

const [folder, kept, port] = process.argv.slice(2);

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".py": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".whl": "application/octet-stream",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
  ".zip": "application/zip",
};
// What hosts compress, by type; none compresses zip, woff2, png or bytes of no known type (Cloudflare's and Fastly's
// lists, GitHub Pages, Netlify). A file that wants it anyway must come under a type of these.
const COMPRESSED = /^(text\/|application\/(json|javascript|wasm|xml|manifest\+json)|image\/svg\+xml)/;
// A version or a digest in the path: such an address never changes its content.
const FOREVER = /\/[\w@-]+-(\d+\.\d+\.\d+|[0-9a-f]{8,})[\w.-]*\/|\.[0-9a-f]{8}\.min\./;

function compressed(content) {
  const name = join(kept, `${createHash("sha256").update(content).digest("hex")}.br`);
  if (!existsSync(name)) {
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${name}.${process.pid}`, brotliCompressSync(content, { params: { ...quality, [constants.BROTLI_PARAM_LGWIN]: 22 } }));
    renameSync(`${name}.${process.pid}`, name);
  }
  return readFileSync(name);
}

// Everything below the folder, by address, ready to be sent.
function read(within, into = new Map()) {
  for (const entry of readdirSync(within)) {
    const path = join(within, entry);
    if (statSync(path).isDirectory()) read(path, into);
    else into.set(`/${relative(folder, path).split(sep).join("/")}`, path);
  }
  return into;
}

const paths = read(folder);
const ready = new Map();
mkdirSync(kept, { recursive: true });

function answer(address) {
  const path = paths.get(address.endsWith("/") ? `${address}index.html` : address);
  if (!path) return null;
  if (!ready.has(path)) {
    const content = readFileSync(path);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    const small = COMPRESSED.test(type) && content.length > 256 ? compressed(content) : null;
    const headers = {
      "content-type": type,
      "cache-control": FOREVER.test(address) ? "public, max-age=31536000, immutable" : "no-cache",
      etag: `"${createHash("sha256").update(content).digest("hex").slice(0, 20)}"`,
      vary: "Accept-Encoding",
    };
    ready.set(path, { content, small, headers });
  }
  return ready.get(path);
}

let sent = 0;

function respond(request, response) {
  const address = new URL(request.url, "https://127.0.0.1").pathname;
  if (address === "/sent") return response.end(String(sent));
  if (address === "/reset") {
    sent = 0;
    return response.end("0");
  }
  const found = answer(address);
  if (!found) {
    response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
    return response.end("<!doctype html><title>404</title>Not found");
  }
  const { content, small, headers } = found;
  if (request.headers["if-none-match"] === headers.etag) {
    response.writeHead(304, headers);
    return response.end();
  }
  const brotli = small && /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
  const body = brotli ? small : content;
  response.writeHead(200, { ...headers, "content-length": body.length, ...(brotli && { "content-encoding": "br" }) });
  if (request.method === "HEAD") return response.end();
  sent += body.length;
  return response.end(body);
}

const { key, cert, trusted } = certificate();
createSecureServer({ key, cert, allowHTTP1: true }, respond).listen(Number(port), "127.0.0.1", function () {
  for (const address of paths.keys()) answer(address); // compressed before anybody is timed
  console.log(JSON.stringify({ port: this.address().port, trusted }));
});
