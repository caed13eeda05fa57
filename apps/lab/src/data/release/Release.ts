import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./ReleaseFlags.ts"

export const release = Verb.make("release", flags, () => import("./ReleaseHandler.ts")).pipe(
  Command.withDescription(
    "Publish a low-rank covariance of private rows, or counts, histograms, means and quantiles, with differential privacy. For the covariance, rows are clipped to the bound and summed exactly; discrete Gaussian noise is added with randomness from the operating system; the ledger records the privacy cost before anything is printed. Prints the components by column name, eigenvalues and explained variance with confidence intervals, the number of rows needed at this epsilon, and the privacy statement. Nothing else is disclosed: neither the exact answer nor the number of clipped rows, and error messages do not quote the file.",
  ),
  Command.withShortDescription("Publish a low-rank covariance with differential privacy"),
  Command.withExamples([
    {
      command:
        "nonconvex release people.csv --bound 1 --rank 3 --epsilon 1 --delta 1e-6 --neighbours replace --create-ledger",
      description: "The first release of these data; it spends the whole budget of (1, 1e-6)",
    },
    {
      command:
        "nonconvex release people.parquet --bound 1 --rank 3 --epsilon 1 --delta 1e-6 --neighbours add-remove --count-epsilon 0.1 --target income --create-ledger",
      description: "Also a private row count, and a regression of one column on the others",
    },
    {
      command:
        "nonconvex release people.csv --count --histogram sex=female,male --quantile age=0.5 --range age=0:120:1 --epsilon 0.5 --neighbours add-remove",
      description: "A count, a histogram and a median from the same ledger, without a delta",
    },
    {
      command:
        "nonconvex release people.csv --bound 1 --rank 3 --epsilon 0.2 --delta 1e-6 --neighbours replace",
      description: "A further release from an existing ledger",
    },
  ]),
)
