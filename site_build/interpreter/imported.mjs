// Which modules Python loads to answer: first the page's own worker, then also the one that runs pasted models.
// In: an archive with every module, compiled, and the questions of both. Out: the names of the modules.
import { loadPyodide } from "pyodide";
import { task } from "./task.mjs";

task(async ({ archive, plain, pasted }) => {
  const python = await loadPyodide({ stdLibURL: archive });
  const { answer } = python.pyimport("calc.render");

  const imported = (questions) => {
    for (const question of questions) {
      const { errors } = JSON.parse(answer(JSON.stringify(question), (tex) => tex));
      if (errors) throw new Error(`${question.layer} was refused: ${JSON.stringify(errors)}`);
    }
    return python.runPython("import sys; sorted(sys.modules)").toJs();
  };
  return { plain: imported(plain), pasted: imported(pasted) };
});
