import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./CompleteFlags.ts"

export const complete = Verb.make("complete", flags, () => import("./CompleteHandler.ts")).pipe(
  Command.withDescription(
    "Fill the holes of a table: by the mean, the means of the columns, effects of rows and columns, or low rank beside these, whichever is the simplest that predicts held-out entries as well as the best. Prints their errors beside each other, the rank, the trace norm, and how near the fit is to the optimum. Observed values stay as they are; rows and columns of which nothing is known are answered by the effects of the others.",
  ),
  Command.withShortDescription("Fill the holes of a table, with a certificate and an error"),
  Command.withExamples([
    { command: "nonconvex complete table.csv", description: "A matrix with holes" },
    {
      command: "nonconvex complete ratings.csv --columns user,item,rating --save filled.csv",
      description: "Lines that have these three among others; the filled table goes to a file",
    },
    {
      command: "nonconvex complete ratings.dat --columns 1,2,3 --time 60",
      description: "MovieLens without a header, for a minute at most",
    },
    {
      command: "nonconvex complete ratings.parquet --model ratings.json --save filled.parquet",
      description: "Parquet in and out, and what answers for further rows",
    },
    {
      command: "nonconvex complete new.parquet --apply ratings.json",
      description: "Rows that the model has not seen",
    },
    {
      command: "nonconvex complete ratings.csv --columns user,item,rating --weights count",
      description: "Ratings that count as often as their column says",
    },
    {
      command: "nonconvex complete years.csv --header --row-names",
      description: "Numbers in the first line and the first column that are names",
    },
  ]),
)
