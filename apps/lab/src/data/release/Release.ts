import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"
import * as ReleaseFlags from "./ReleaseFlags.ts"

const flags = {
  data: ReleaseFlags.data,
  rank: Flags.positive("rank", "How many components to keep"),
  epsilon: ReleaseFlags.epsilon,
  delta: ReleaseFlags.delta,
  neighbours: ReleaseFlags.neighbours,
  rowsPerPerson: ReleaseFlags.rowsPerPerson,
  mechanism: ReleaseFlags.mechanism(
    "The noise; isotropic has the smallest error, and the outputs of a complex one are in the file of --save",
  ),
  ledger: ReleaseFlags.ledger,
  output: ReleaseFlags.output,
  kernels: Flags.kernels,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>

export const release = Command.make(
  "release",
  flags,
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "Release the covariance of private rows at low rank: rows are clipped to the bound, their sum is exact, the noise is discrete Gaussian from the operating system, and the spend is in the ledger before anything is shown. Prints the components by column name, eigenvalues and explained variance with intervals, how many rows a usable answer takes at this epsilon, and the privacy statement. Nothing that is not private leaves: not the exact answer, not how many rows were clipped, and errors do not quote the file.",
  ),
  Command.withShortDescription("Release the covariance of private rows at low rank"),
  Command.withExamples([
    {
      command:
        "nonconvex release people.csv --bound 1 --rank 3 --epsilon 1 --delta 1e-6 --neighbours replace --create-ledger",
      description: "The first release of these data; it spends all of a budget of (1, 1e-6)",
    },
    {
      command:
        "nonconvex release people.parquet --bound 1 --rank 3 --epsilon 1 --delta 1e-6 --neighbours add-remove --count-epsilon 0.1 --target income --create-ledger",
      description:
        "The rows are counted too, and one column is regressed on the others, from the same release",
    },
    {
      command:
        "nonconvex release people.csv --bound 1 --rank 3 --epsilon 0.2 --delta 1e-6 --neighbours replace",
      description: "One of several releases from a ledger that is there",
    },
  ]),
)
