const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const calculator = document.getElementById("conv");
const form = calculator.querySelector("form");
const ask = () => worker.postMessage(JSON.stringify(Object.fromEntries(new FormData(form))));

worker.onmessage = ({ data }) => {
  const [shape, params] = calculator.querySelectorAll("dd b");
  const answer = JSON.parse(data);
  shape.textContent = answer.shape;
  params.textContent = answer.params;
  calculator.querySelector("pre").textContent = answer.formula;
};
form.addEventListener("input", ask);
ask();
