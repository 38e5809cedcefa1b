// Which modules Python loads to answer: first the page's own worker, then also the one that runs pasted models. And what
// the dataclasses in them write as source: those that every answer imports, and those that only pasted models need.
// In: an archive with every module, compiled, and the questions of both. Out: names of modules, sources of methods.
import { loadPyodide } from "pyodide";
import { task } from "./task.mjs";

const NOTED = `
import dataclasses
written = []
def noted(source, *rest):
    written.append(source)
    exec(source, *rest)
dataclasses.exec = noted
`;

task(async ({ archive, plain, pasted }) => {
  const python = await loadPyodide({ stdLibURL: archive });
  python.runPython(NOTED);
  const written = () => python.globals.get("written").toJs();
  const { answer } = python.pyimport("calc.render");
  const first = written();

  const imported = (questions) => {
    for (const question of questions) {
      const { errors } = JSON.parse(answer(JSON.stringify(question), (tex) => tex));
      if (errors) throw new Error(`${question.layer} was refused: ${JSON.stringify(errors)}`);
    }
    return python.runPython("import sys; sorted(sys.modules)").toJs();
  };
  const modules = { plain: imported(plain) };
  const before = written().length;
  modules.pasted = imported(pasted);
  return { ...modules, methods: { first, pasted: written().slice(before) } };
});
