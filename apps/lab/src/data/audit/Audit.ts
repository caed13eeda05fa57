import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./AuditFlags.ts"

export const audit = Verb.make("audit", flags, () => import("./AuditHandler.ts")).pipe(
  Command.withDescription(
    "Audit a mechanism: run it on the worst pair of neighbours, bound its epsilon from below without trusting its noise, compare its mu with the promised one, and say how many samples would find a forgotten factor of sqrt 2. What runs is the idealised noise, in floating point; with --exact it is what `release` does with a row, from clipping to discrete noise, though with random words of the seed and not of the operating system. Audit at delta 0.01: at a cryptographic delta audits are blind, and no audit sees a hole in the support of the noise, which the claim dp-lowrank/release-on-a-grid is about. With --samples a.npy b.npy it audits another program by what it answered: half of the outputs choose what tells the two inputs apart, the other half bound epsilon from below. Exit code 2 where the mechanism is shown not to be private.",
  ),
  Command.withShortDescription("Test a mechanism for the privacy that it promises"),
  Command.withExamples([
    {
      command: "nonconvex audit --epsilon 1 --neighbours replace",
      description: "The idealised noise of the default mechanism, which passes",
    },
    {
      command: "nonconvex audit --epsilon 1 --neighbours replace --noise 0.5",
      description: "Half of its noise, which does not",
    },
    {
      command: "nonconvex audit --epsilon 1 --neighbours add-remove --exact",
      description: "What `release` ships",
    },
    {
      command: "nonconvex audit --samples a.npy b.npy",
      description: "Another program: its outputs on two inputs that must look alike",
    },
  ]),
)
