import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./WorstCaseFlags.ts"

export const worstCase = Verb.make("worst-case", flags, () => import("./WorstCaseHandler.ts")).pipe(
  Command.withDescription(
    "Compute the worst case of a method over a class of functions, as the optimum of a semidefinite program over interpolation conditions. The bound comes from the dual, in double precision. With --certificate it is proved in fractions, and `nonconvex check` verifies the proof in exact integer arithmetic.\n\nA method is JSON: functions by name, each with a class and its constants; start, the names of points; steps; given, the bounds on the start; and measure. Steps are step, prox, project, extrapolate, combine, mirror, search, gradient and repeat. Measures are squaredDistance, squaredNorm, squaredGradient, gap, inner, deviation, inexactness, sum and least. docs/schemas/method-1.json is its JSON Schema, with all classes.",
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
