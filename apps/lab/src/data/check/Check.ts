import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./CheckFlags.ts"

export const check = Verb.make("check", flags, () => import("./CheckHandler.ts")).pipe(
  Command.withDescription(
    "Verify a worst-case certificate in exact integer arithmetic: the conditions of the method, each times its multiplier, must sum to the measure minus the bound plus squares. An invalid certificate is rejected, with the location of the error.",
  ),
  Command.withShortDescription("Verify a worst-case certificate in exact integer arithmetic"),
  Command.withExamples([
    {
      command: "nonconvex check proof.json",
      description: "Prints the theorem, or the location of the error",
    },
    {
      command: "nonconvex check proof.json --lean theorem.lean",
      description: "Also writes the theorem for Lean",
    },
    {
      command: "nonconvex check proof.json --rocq theorem.v",
      description: "Also writes the theorem with its proof for Rocq: coqc theorem.v",
    },
  ]),
)
