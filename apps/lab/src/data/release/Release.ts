import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./ReleaseFlags.ts"

export const release = Verb.make("release", flags, () => import("./ReleaseHandler.ts")).pipe(
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
