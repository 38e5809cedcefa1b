// Lighthouse for a phone, once for each address: node lighthouse.mjs CHROMIUM FLAGS ADDRESS…
// A line of JSON goes out for each: the categories' scores, the main times, and the audits that cost points.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, flags, ...addresses] = process.argv.slice(2);

for (const address of addresses) {
  const chrome = await launch({ chromePath, chromeFlags: JSON.parse(flags), logLevel: "silent" });
  try {
    const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error" });
    const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, score * 100]));
    const lost = Object.values(lhr.audits)
      .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== "informative")
      .map(({ id, score, displayValue = "" }) => `${id} ${score} ${displayValue}`.trim());
    const times = Object.fromEntries(
      ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"]
        .map((name) => [name, lhr.audits[name].numericValue]),
    );
    const benchmark = lhr.environment.benchmarkIndex;
    console.log(JSON.stringify({ address, scores, times, lost, benchmark }));
  } finally {
    await chrome.kill();
  }
}
