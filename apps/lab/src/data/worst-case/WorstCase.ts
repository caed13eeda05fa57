import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./WorstCaseFlags.ts"

export const worstCase = Verb.make("worst-case", flags, () => import("./WorstCaseHandler.ts")).pipe(
  Command.withDescription(
    "Compute the worst case of a method over a class of functions, as the optimum of a semidefinite program over interpolation conditions. The bound comes from the dual, in double precision. With --certificate it is proved in fractions, and `nonconvex check` verifies the proof in exact integer arithmetic.",
  ),
  Command.withShortDescription("Compute the worst case of a method over a class of functions"),
  Command.withExamples([
    {
      command: "nonconvex worst-case method.json",
      description: "Prints the worst case and the conditions that determine it",
    },
    {
      command: "nonconvex worst-case method.json --certificate proof.json",
      description: "With a proof in fractions",
    },
  ]),
)
