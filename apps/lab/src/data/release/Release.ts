import {
  DpLowrank,
  GridPlan,
  Ledger,
  LowRank,
  Mechanism,
  type Neighbours,
  Public,
} from "@nonconvex/dp-lowrank"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Console, Effect, Path } from "effect"
import { Command } from "effect/cli"
import * as Flags from "../../cli/Flags.ts"
import * as Output from "../../cli/Output.ts"
import * as PaperOutputs from "./PaperOutputs.ts"
import * as PrivateTable from "./PrivateTable.ts"
import * as ReleaseFlags from "./ReleaseFlags.ts"
import * as ReleaseReport from "./ReleaseReport.ts"
import * as Folder from "../../files/Folder.ts"

const invalid = (requirement: string, numbers: Readonly<Record<string, number>>) =>
  new InvalidInput({ operation: "release", requirement, numbers })

/** Everything that public numbers can rule out: it costs nothing, and the rows are not looked at. */
const planFor = Effect.fnUntraced(function* (
  mechanism: Mechanism.Mechanism,
  rank: number,
  columns: number,
) {
  if (rank > columns) {
    return yield* invalid("--rank must be from 1 to the number of columns", { rank, columns })
  }
  const plan = yield* Seam.attempt([InvalidInput], () => GridPlan.make(mechanism, columns))
  const asked = mechanism.target.epsilon
  const given = plan.privacy.epsilon
  if (given > asked) {
    return yield* invalid(
      `--mechanism ${mechanism.name} does not keep its promise under --neighbours ${mechanism.neighbours}; take another mechanism`,
      { asked, given },
    )
  }
  return plan
})

/** What a mean divides by. Replacing a row does not change the number of rows, so it is public there, and the one of the file. */
const divisorOf = Effect.fnUntraced(function* (
  { rows: counted }: PrivateTable.PrivateTable,
  rows: Public.RowCount | undefined,
  neighbours: Neighbours,
) {
  if (neighbours === "add-remove") return rows
  if (rows !== undefined && rows !== counted) {
    return yield* invalid("--rows must be the number of rows under --neighbours replace", {
      rows,
      counted,
    })
  }
  return Public.rowCount(counted)
})

export const release = Command.make(
  "release",
  {
    data: ReleaseFlags.data,
    rank: Flags.positive("rank", "How many components to keep"),
    epsilon: ReleaseFlags.epsilon,
    delta: ReleaseFlags.delta,
    neighbours: ReleaseFlags.neighbours,
    mechanism: ReleaseFlags.mechanism(
      "The noise; isotropic has the smallest error, and the outputs of a complex one are in the file of --save",
    ),
    ledger: ReleaseFlags.ledger,
    output: ReleaseFlags.output,
    json: Flags.json,
  },
  Effect.fn(
    function* (input) {
      const { data, delta, epsilon, json, neighbours, output, rank } = input
      const path = yield* Path.Path
      const { mechanism, rows, source } = yield* Seam.attempt([InvalidInput], () => {
        const bound = Public.bound(data.bound)
        return {
          rows: data.rows === undefined ? undefined : Public.rowCount(data.rows),
          source: {
            ...data,
            neighbours,
            bound,
            centre: data.centre === undefined ? undefined : Public.centre(data.centre),
          },
          mechanism: Mechanism.byName[input.mechanism]({ epsilon, delta, neighbours, bound }),
        }
      })
      const account: Ledger.Account = {
        path: input.ledger.path ?? `${data.path}.ledger`,
        dataset: input.ledger.dataset ?? path.basename(data.path),
      }
      if (mechanism.isComplex && output.save === undefined) {
        return yield* invalid("a complex mechanism needs --save: its outputs are matrices", {})
      }
      const staged =
        output.save === undefined
          ? undefined
          : yield* Folder.stageFile(output.save, [data.path, account.path, `${account.path}.head`])
      const table = yield* PrivateTable.read(source, ({ length }) =>
        planFor(mechanism, rank, length),
      )
      const divisor = yield* divisorOf(table, rows, neighbours)
      if (input.ledger.create) {
        const { totalDelta = delta, totalEpsilon = epsilon } = input.ledger
        const budget = { epsilon: totalEpsilon, delta: totalDelta }
        const plan = yield* planFor(mechanism, rank, table.columns.length)
        yield* Ledger.requireRoom(account.path, budget, plan)
        yield* Ledger.create(account, { neighbours, budget })
      }
      const { release: releaseScatter } = yield* DpLowrank
      const paid = Effect.gen(function* () {
        const scatter = yield* releaseScatter(table.scatter, {
          mechanism,
          account,
          purpose: `release of rank ${rank}`,
        })
        const { columns } = table
        const lowRank = LowRank.topK(scatter, rank)
        const report = ReleaseReport.of(scatter, lowRank, {
          account,
          columns,
          failure: output.failure,
          rows: divisor,
        })
        const save = Effect.gen(function* () {
          if (staged === undefined) return
          const text = yield* Output.encode(ReleaseReport.SavedRelease, {
            ...report,
            components: PaperOutputs.rowsOf(lowRank.vectors, columns.length),
            noisyMatrix: PaperOutputs.triangleOf(scatter.matrix, columns.length),
            ...(mechanism.isComplex ? { paper: PaperOutputs.outputs(scatter, rank) } : {}),
          })
          yield* staged.write(text)
        })
        const print = json
          ? Output.json(ReleaseReport.ReleaseReport, report)
          : Console.log(ReleaseReport.render(report))
        yield* Effect.ensuring(save, print)
      })
      // what was paid for is printed, whatever becomes of the file, and though somebody has lost patience meanwhile
      yield* Effect.uninterruptible(paid)
    },
    Effect.scoped,
    Effect.provide(DpLowrank.layer),
  ),
).pipe(
  Command.withDescription(
    "Release the covariance of private rows at low rank: rows are clipped to the bound, their sum is exact, the noise is discrete Gaussian from the operating system, and the spend is in the ledger before it is drawn. Prints eigenvalues and explained variance with intervals, and the privacy statement. Nothing that is not private leaves: not the exact answer, not how many rows were clipped, and errors do not quote the file.",
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
        "nonconvex release people.csv --bound 1 --rank 3 --epsilon 0.2 --delta 1e-6 --neighbours replace",
      description: "One of several releases from a ledger that is there",
    },
  ]),
)
