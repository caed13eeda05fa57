import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./SolveFlags.ts"

export const solve = Verb.make("solve", flags, () => import("./SolveHandler.ts")).pipe(
  Command.withDescription(
    "Solve a matrix game, a quadratic or a least-squares problem so that every machine publishes the same bits. For a game the answer is the equilibrium, with a proof that it is unique; if it may not be unique, the answer is one point near an equilibrium that every machine finds. Two machines with the same file and seed can compare fingerprints. With --exact the answer is an equilibrium in fractions, unique or not. With --deviation, or with --products of another machine, the answer is regularised so that machines of that precision agree; a tolerance that is too small is rejected, with the smallest possible one.",
  ),
  Command.withShortDescription(
    "Solve a game or a quadratic, bit for bit the same on every machine",
  ),
  Command.withExamples([
    {
      command: "nonconvex solve game.csv",
      description: "Equilibrium strategies, value, duality gap and certificate of a payoff matrix",
    },
    {
      command: "nonconvex solve game.csv --save strategies.csv",
      description: "Every strategy with its probability, including those with probability 0",
    },
    {
      command: "nonconvex solve game.csv --exact",
      description: "The value and an equilibrium in fractions",
    },
    {
      command: "nonconvex solve fit.csv --as least-squares --radius 10",
      description: "The rows are those of A, the last column is b",
    },
  ]),
)
