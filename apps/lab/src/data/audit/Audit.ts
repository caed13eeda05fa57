import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./AuditFlags.ts"

export const audit = Verb.make("audit", flags, () => import("./AuditHandler.ts")).pipe(
  Command.withDescription(
    "Audit a mechanism: run it on the worst pair of neighbouring data sets, compute a lower bound on its epsilon without trusting its noise, compare its mu with the promised one, and estimate how many samples would detect a missing factor of sqrt 2. By default the idealised noise is audited, in floating point. With --exact the audit runs the release itself, from clipping to discrete noise, with random numbers from the seed instead of the operating system. Audit at delta 0.01: at a cryptographic delta an audit has no power. No audit detects a hole in the support of the noise; for that see the claim dp-lowrank/release-on-a-grid. With --samples a.npy b.npy it audits another program by its outputs: half of them choose a statistic that separates the two inputs, and the other half bound epsilon from below. Exit code 2 if the mechanism is shown not to be private.",
  ),
  Command.withShortDescription("Test whether a mechanism keeps its promised privacy"),
  Command.withExamples([
    {
      command: "nonconvex audit --epsilon 1 --neighbours replace",
      description: "The idealised noise of the default mechanism: it passes",
    },
    {
      command: "nonconvex audit --epsilon 1 --neighbours replace --noise 0.5",
      description: "Half of the noise: it fails",
    },
    {
      command: "nonconvex audit --epsilon 1 --neighbours add-remove --exact",
      description: "The mechanism that `release` uses",
    },
    {
      command: "nonconvex audit --samples a.npy b.npy",
      description: "Another program, by its outputs on two neighbouring inputs",
    },
  ]),
)
