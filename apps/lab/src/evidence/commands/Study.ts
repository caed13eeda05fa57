import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "../study/StudyFlags.ts"

export const study = Verb.make("study", flags, () => import("../handlers/StudyHandler.ts")).pipe(
  Command.withDescription(
    "Show preregistered studies: sweeps whose question and predictions were committed before they were run. --run computes a study, --check recomputes part of its stored result. Exit code 3 if any bit differs or a trial fails.",
  ),
  Command.withShortDescription("Show, run or check a preregistered study"),
  Command.withExamples([
    { command: "nonconvex study", description: "All studies and their findings" },
    {
      command: "nonconvex study robustness --check 3",
      description: "Recompute three trials of the stored result",
    },
    {
      command: "nonconvex study robustness --run --jobs 2",
      description: "Run the study, or resume it",
    },
  ]),
)
