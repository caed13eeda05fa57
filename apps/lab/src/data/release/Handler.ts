import type * as Csv from "@nonconvex/datasets/Table"
import { GridPlan, Ledger, Mechanism, type Neighbours, Public } from "@nonconvex/dp-lowrank"
import { DpLowrank } from "@nonconvex/dp-lowrank/evidence"
import { layer, PrivateTable } from "@nonconvex/dp-lowrank/node"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Console, Effect, Layer, Path } from "effect"
import * as Capable from "../../cli/Capable.ts"
import * as Output from "../../cli/Output.ts"
import * as Folder from "../../files/Folder.ts"
import * as PaperOutputs from "./PaperOutputs.ts"
import * as ReleaseReport from "./ReleaseReport.ts"

export interface Input {
  readonly data: {
    readonly path: string
    readonly delimiter: Csv.Delimiter
    readonly ignore: ReadonlyArray<string>
    readonly bound: number
    readonly centre: ReadonlyArray<number> | undefined
    readonly rows: number | undefined
  }
  readonly rank: number
  readonly epsilon: number
  readonly delta: number
  readonly neighbours: Neighbours
  readonly mechanism: Mechanism.Name
  readonly ledger: {
    /** Default beside the data. */
    readonly path: string | undefined
    /** Default the name of the file. */
    readonly dataset: string | undefined
    readonly create: boolean
    /** Default what this release takes. */
    readonly totalEpsilon: number | undefined
    readonly totalDelta: number | undefined
  }
  readonly output: { readonly failure: number; readonly save: string | undefined }
  readonly kernels: Capable.Chosen["kernels"]
  readonly json: boolean
}

const invalid = (requirement: string, numbers: Readonly<Record<string, number>>) =>
  new InvalidInput({ operation: "release", requirement, numbers })

/** The numbers that their owner declares public. */
const declared = ({ data, delta, epsilon, neighbours, ...input }: Input) => {
  const bound = Public.bound(data.bound)
  return {
    bound,
    rows: data.rows === undefined ? undefined : Public.rowCount(data.rows),
    centre: data.centre === undefined ? {} : { centre: Public.centre(data.centre) },
    mechanism: Mechanism.named(input.mechanism, { epsilon, delta, neighbours, bound }),
  }
}

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
  { rows: counted }: { readonly rows: number },
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

/** A private release, from the file to what is printed. */
export const release = Effect.fn("release")(function* (input: Input) {
  const { data, delta, epsilon, json, kernels, neighbours, output, rank } = input
  const path = yield* Path.Path
  const { bound, centre, mechanism, rows } = yield* Seam.attempt([InvalidInput], () =>
    declared(input),
  )
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
  const service = yield* DpLowrank
  const table = yield* PrivateTable.read(
    { path: data.path, delimiter: data.delimiter, ignore: data.ignore, neighbours },
    ({ length: dimension }) =>
      Effect.gen(function* () {
        const plan = yield* planFor(mechanism, rank, dimension)
        return { plan, scatter: yield* service.scatter({ dimension, bound, ...centre }) }
      }),
  )
  const { columns, plan } = table
  const divisor = yield* divisorOf(table, rows, neighbours)
  if (input.ledger.create) {
    const { totalDelta = delta, totalEpsilon = epsilon } = input.ledger
    const budget = { epsilon: totalEpsilon, delta: totalDelta }
    yield* Ledger.create(account, { neighbours, budget, first: plan })
  }
  const purpose = `release of rank ${rank}`
  const paid = Effect.gen(function* () {
    const noisy = yield* service.release(table.scatter, { plan, account, purpose })
    const shown = yield* service.components(noisy, {
      rank,
      failure: output.failure,
      divisor: divisor ?? 1,
      paper: mechanism.isComplex,
    })
    const report = ReleaseReport.make(noisy, shown, { account, columns, divisor, kernels })
    const save = Effect.gen(function* () {
      if (staged === undefined) return
      const text = yield* Output.encode(ReleaseReport.SavedRelease, {
        ...report,
        components: PaperOutputs.rowsOf(shown.lowRank.vectors, columns.length),
        noisyMatrix: PaperOutputs.triangleOf(noisy.matrix, columns.length),
        ...(shown.paper === undefined ? {} : { paper: PaperOutputs.make(shown.paper) }),
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
})

export const handle = Effect.fn("release")(
  function* (input: Input) {
    yield* release(input)
  },
  Effect.scoped,
  (work, { kernels }) =>
    Effect.provide(
      work,
      Layer.provideMerge(DpLowrank.layer, Layer.merge(Capable.layer({ kernels }), layer)),
    ),
)
