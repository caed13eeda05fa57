import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "../study/StudyFlags.ts"

export const study = Verb.make("study", flags, () => import("../handlers/StudyHandler.ts")).pipe(
  Command.withDescription(
    "Studies: sweeps whose question and expectation were registered before they were run, and whose results are stored. Shows what one found; --run computes it, --check computes some of it again. Exit code 3 where a bit differs or a trial fails.",
  ),
  Command.withShortDescription("Show, run or check a study that was registered before it was run"),
  Command.withExamples([
    { command: "nonconvex study", description: "All studies, and what they found" },
    {
      command: "nonconvex study robustness --check 3",
      description: "Computes three trials of the stored result again, bit for bit",
    },
    { command: "nonconvex study robustness --run --jobs 2", description: "Runs it, or goes on" },
  ]),
)
