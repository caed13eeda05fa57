import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./CheckFlags.ts"

export const check = Verb.make("check", flags, () => import("./CheckHandler.ts")).pipe(
  Command.withDescription(
    "Check the proof of a worst case by integers alone: the conditions of the method, each times its multiplier, must sum to the measure minus the bound plus squares. What proves nothing is refused with the place.",
  ),
  Command.withShortDescription("Check the proof of a worst case, by integers alone"),
  Command.withExamples([
    { command: "nonconvex check proof.json", description: "The theorem, or what is wrong with it" },
    { command: "nonconvex check proof.json --lean theorem.lean", description: "Also for Lean" },
  ]),
)
