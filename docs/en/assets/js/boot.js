// What the page's worker and the sandbox's have in common: the interpreter, and the package's way to answer.
// The sandbox is handed this file's text, so it imports nothing.
export async function boot(loadPyodide, indexURL) {
  const python = await loadPyodide({ indexURL, packages: ["calc"] });
  const { answer } = python.pyimport("calc.render");
  return { python, answer };
}

// When a file of its own cannot be fetched, Pyodide notes it and waits for ever: here it is noticed.
// Replaces `fetch` by one that asks `plainFetch`; the promise never resolves, and rejects with the first fault.
export function broken(plainFetch) {
  return new Promise((_, reject) => {
    self.fetch = async (...asked) => {
      try {
        const response = await plainFetch(...asked);
        if (!response.ok) reject(new Error(`${response.url} answered ${response.status}`));
        return response;
      } catch (error) {
        reject(error);
        throw error;
      }
    };
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      reject(event.reason);
    });
  });
}
