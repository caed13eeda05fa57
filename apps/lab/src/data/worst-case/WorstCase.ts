import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./WorstCaseFlags.ts"

export const worstCase = Verb.make("worst-case", flags, () => import("./WorstCaseHandler.ts")).pipe(
  Command.withDescription(
    "Compute how badly a method can do over a whole class of functions, as the optimum of a semidefinite program over interpolation conditions. The bound is that of the dual, in doubles; with --certificate it is proved in fractions, and `nonconvex check` checks the proof by integers alone.",
  ),
  Command.withShortDescription("Compute how badly a method can do over a class of functions"),
  Command.withExamples([
    {
      command: "nonconvex worst-case method.json",
      description: "The worst case, and the conditions that bring it about",
    },
    {
      command: "nonconvex worst-case method.json --certificate proof.json",
      description: "With a proof in fractions",
    },
  ]),
)
