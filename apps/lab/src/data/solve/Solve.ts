import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./SolveFlags.ts"

export const solve = Verb.make("solve", flags, () => import("./SolveHandler.ts")).pipe(
  Command.withDescription(
    "Solve a matrix game, a quadratic or a least-squares problem so that every machine publishes the same bits. A game's answer is its only equilibrium, with a proof that there is no other; where there may be several, it is the one point near to one that every machine finds. Machines that use the same file and seed compare the fingerprint. With --exact it is an equilibrium in fractions, also where there are several. With --deviation, or with --products of another machine, the answer is regularised to what machines of that precision can agree on; tolerances that they cannot meet are refused with what they can.",
  ),
  Command.withShortDescription("Solve a game or a quadratic to bits that every machine publishes"),
  Command.withExamples([
    {
      command: "nonconvex solve game.csv",
      description: "Equilibrium strategies, value, duality gap and certificate of a payoff matrix",
    },
    {
      command: "nonconvex solve game.csv --save strategies.csv",
      description: "Every strategy with its probability, also of those that are not played",
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
