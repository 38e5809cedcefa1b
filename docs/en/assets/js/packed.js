// Code in a link: deflated, in letters that an address takes, and in its fragment, which no server is told.
// `#your-model&source=…`; each source of a calculator under its name.
const MOST = 200_000; // bytes of one source; a link can claim to hold far more
const LETTERS = 270_000; // as many as those take at worst

const letters = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

export async function pack(text) {
  const deflated = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
  return letters(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// Raises for what is no code of ours, or too long.
export async function unpack(packed) {
  if (packed.length > LETTERS) throw new RangeError(`the code of this link has more than ${LETTERS.toLocaleString("en")} letters`);
  const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [text, size] = ["", 0];
  for (let reader = inflated.getReader(), part; !(part = await reader.read()).done; ) {
    size += part.value.length;
    if (size > MOST) {
      reader.cancel().catch(() => {});
      throw new RangeError(`the code of this link has more than ${MOST.toLocaleString("en")} bytes`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

// What the address holds for a calculator, still packed, by name; null where it holds none for it.
export function packedInAddress(id) {
  const [named, ...sources] = location.hash.slice(1).split("&");
  if (named !== id || !sources.length) return null;
  return new Map(sources.map((each) => each.split(/=(.*)/s, 2)));
}

// The fragment for sources by name; without any it only names the calculator.
export async function fragmentOf(id, sources) {
  const packed = sources.map(async ([name, text]) => `${name}=${await pack(text)}`);
  return [id, ...(await Promise.all(packed))].join("&");
}
