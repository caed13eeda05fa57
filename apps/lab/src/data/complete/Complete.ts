import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./CompleteFlags.ts"

export const complete = Verb.make("complete", flags, () => import("./CompleteHandler.ts")).pipe(
  Command.withDescription(
    "Fill in the missing values of a table. The models are the mean, column means, row and column effects, and low rank plus effects; the simplest one that is as good as the best on held-out entries is used. Prints the error of each model, the rank, the trace norm and the distance of the fit from the optimum. A matrix whose columns have different units, or words, is filled column by column, by the methods that are best on held-out cells; keys are not used. --top lists the best columns of each row, by predicted values or, with --implicit, from counts. Observed values stay unchanged; rows and columns without observations are predicted from the effects of the others.",
  ),
  Command.withShortDescription(
    "Fill in the missing values of a table, with a certificate and a test error",
  ),
  Command.withExamples([
    {
      command: "nonconvex complete table.csv",
      description: "A matrix with missing values: numbers in any units, and words",
    },
    {
      command: "nonconvex complete ratings.csv --columns user,item,rating --save filled.csv",
      description: "Triplets from three named columns; writes the filled table to a file",
    },
    {
      command: "nonconvex complete ratings.dat --columns 1,2,3 --time 60",
      description: "A MovieLens file without a header, in at most a minute",
    },
    {
      command: "nonconvex complete ratings.parquet --model ratings.json --save filled.parquet",
      description: "Parquet in and out, and a model for new rows",
    },
    {
      command: "nonconvex complete new.parquet --apply ratings.json",
      description: "New rows, filled by a saved model",
    },
    {
      command: "nonconvex complete plays.csv --implicit --top 10 --row ann",
      description: "The ten columns that a row is most likely to have, from counts",
    },
    {
      command: "nonconvex complete ratings.csv --columns user,item,rating --weights count",
      description: "Ratings weighted by a column",
    },
    {
      command: "nonconvex complete years.csv --header --row-names",
      description: "Numeric names in the first line and first column",
    },
  ]),
)
