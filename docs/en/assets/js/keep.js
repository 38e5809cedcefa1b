// What is taken out of the page: a file under a name, and a diagram as a picture that looks the same on its own.
const STYLES =
  "color fill fill-opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity opacity " +
  "font-family font-size font-style font-weight text-anchor dominant-baseline letter-spacing paint-order display visibility";
const MARGIN = 8;
const SCALE = 2; // pixels of a PNG for each of the drawing

export const KINDS = {
  text: { ending: "txt", type: "text/plain" },
  markdown: { ending: "md", type: "text/markdown" },
  csv: { ending: "csv", type: "text/csv" },
  json: { ending: "json", type: "application/json" },
  latex: { ending: "tex", type: "application/x-tex" },
  svg: { ending: "svg", type: "image/svg+xml" },
  png: { ending: "png", type: "image/png" },
};

export function download(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A name of a file from an expression such as `ResNet(50)`.
export function fileName(expression, form) {
  const stem = expression.replaceAll(/[^\p{L}\p{N}._]+/gu, "-").replaceAll(/^-|-$/g, "").slice(0, 60);
  return `${stem || "model"}.${KINDS[form].ending}`;
}

// The page's style sheets do not go with the file: what they say about each shape is written into it.
export function svgText(drawing) {
  const copy = drawing.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll("*")];
  [drawing, ...drawing.querySelectorAll("*")].forEach((each, at) => {
    const styles = getComputedStyle(each);
    for (const name of STYLES.split(" ")) {
      const value = styles.getPropertyValue(name);
      if (value) copies[at].setAttribute(name, value);
    }
    for (const name of ["class", "tabindex"]) copies[at].removeAttribute(name);
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const { x, y, width, height } = drawing.viewBox.baseVal;
  const box = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  copy.setAttribute("viewBox", Object.values(box).join(" "));
  copy.setAttribute("width", box.width);
  copy.setAttribute("height", box.height);
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries(box)) paper.setAttribute(name, value);
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.querySelector("rect, path, g, text").before(paper);
  return new XMLSerializer().serializeToString(copy);
}

export async function pngBlob(drawing) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svgText(drawing)], { type: KINDS.svg.type }));
  try {
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * SCALE;
    canvas.height = image.height * SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large")))),
    );
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
