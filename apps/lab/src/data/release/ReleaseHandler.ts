import {
  GridPlan,
  Ledger,
  Mechanism,
  type Neighbours,
  PrivateCount,
  Public,
} from "@nonconvex/dp-lowrank"
import { DpLowrank, layer, readPrivateTable } from "@nonconvex/dp-lowrank/node"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, Layer, Path, Stream } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import * as Output from "../../cli/Output.ts"
import { Misfit, reported } from "../../cli/Failure.ts"
import { track } from "../../cli/Progress.ts"
import * as Folder from "../../files/Folder.ts"
import * as JsonParts from "../../files/JsonParts.ts"
import * as PaperOutputs from "./PaperOutputs.ts"
import { check } from "./ReleaseCheck.ts"
import * as PublicScales from "./PublicScales.ts"
import * as ReleaseReport from "./ReleaseReport.ts"
import { render } from "./ReleaseText.ts"
import * as UnitOfPrivacy from "./UnitOfPrivacy.ts"
import * as StatisticsRequest from "./StatisticsRequest.ts"
import { checkWidth, NoLedger, NoRelease, NoTarget, UnusableRows } from "./Unusable.ts"
import type { ComponentsInput, Input } from "./ReleaseFlags.ts"

const invalid = (requirement: string, numbers: Readonly<Record<string, number>>) =>
  new InvalidInput({ operation: "release", requirement, numbers })

/** The numbers that their owner declares public. */
const declared = ({
  data,
  delta,
  epsilon,
  neighbours,
  rowsPerPerson,
  ...input
}: ComponentsInput) => {
  const bound = Public.bound(data.bound)
  return {
    bound,
    rows: data.rows === undefined ? undefined : Public.rowCount(data.rows),
    centre: data.centre === undefined ? {} : { centre: Public.centre(data.centre) },
    mechanism: Mechanism.named(input.mechanism, {
      epsilon,
      delta,
      neighbours,
      rowsPerPerson,
      bound,
    }),
  }
}

/** Finds the errors that public numbers reveal. It reads no rows, so it costs no privacy. */
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
      `--mechanism ${mechanism.name} is not private under --neighbours ${mechanism.neighbours}; use another mechanism`,
      { asked, given },
    )
  }
  return plan
})

/** Divisor of a mean. Replacing a row does not change the number of rows, which is therefore public and taken from the file. */
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

/** Plan of a private count of the rows, if requested. */
const countFor = ({ data, delta }: ComponentsInput, mechanism: Mechanism.Mechanism) => {
  const { countEpsilon: epsilon, rows } = data
  if (epsilon === undefined) return Effect.undefined
  if (mechanism.neighbours === "replace") {
    const needs =
      "--neighbours add-remove: under replace the number of rows is public and costs no budget"
    return Effect.fail(new Misfit({ flag: "count-epsilon", needs }))
  }
  if (rows !== undefined) {
    return Effect.fail(
      invalid("--rows is a public number, so --count-epsilon is not needed", { rows }),
    )
  }
  return Seam.attempt([InvalidInput], () => PrivateCount.plan({ epsilon, delta }, mechanism))
}

/** Index of the target column of a regression, if one is requested. The names are public. */
const targetIn = ({ target }: Input["data"], columns: ReadonlyArray<string>) => {
  if (target === undefined) return Effect.undefined
  const place = columns.indexOf(target)
  if (place < 0) return Effect.fail(new NoTarget({ target, columns }))
  return columns.length > 1
    ? Effect.succeed(place)
    : Effect.fail(invalid("--target needs at least one other column", { columns: 1 }))
}

/** Purpose of a release, for the ledger. */
const purposeOf = ({ data: { countEpsilon, target }, rank }: ComponentsInput): string =>
  [
    `release of rank ${rank}`,
    ...(countEpsilon === undefined ? [] : ["number of rows"]),
    ...(target === undefined ? [] : [`regression of ${target}`]),
  ].join(", ")

/** The flags of a release of components, all of which it needs. */
const componentsInput = (
  input: Input,
): Effect.Effect<ComponentsInput, InvalidInput | NoRelease> => {
  const { data, delta, rank } = input
  if (delta === 0) {
    const requirement =
      "components have Gaussian noise, whose delta must be at least 1e-300 and below 1; try 1e-6 (counts, histograms, means and quantiles have none)"
    return Effect.fail(invalid(requirement, { delta }))
  }
  const { bound } = data
  return rank === undefined || bound === undefined || delta === undefined
    ? Effect.fail(new NoRelease({ rank, bound, delta }))
    : Effect.succeed({ ...input, rank, delta, data: { ...data, bound } })
}

/** A private release, from the file to the printed result. */
export const release = Effect.fn("release")(function* (input: ComponentsInput) {
  const { data, delta, epsilon, json, kernels, neighbours, output, rank, rowsPerPerson } = input
  const path = yield* Path.Path
  const { bound, centre, mechanism, rows } = yield* Seam.attempt([InvalidInput], () =>
    declared(input),
  )
  const account: Ledger.Account = {
    path: input.ledger.path ?? `${data.path}.ledger`,
    dataset: input.ledger.dataset ?? path.basename(data.path),
  }
  if (mechanism.isComplex && output.save === undefined) {
    return yield* invalid(
      "a complex mechanism needs --save FILE, since its outputs are matrices",
      {},
    )
  }
  const staged =
    output.save === undefined
      ? undefined
      : yield* Folder.stageFile(output.save, [data.path, account.path, `${account.path}.entries`])
  const scales = yield* PublicScales.read(data)
  const counting = yield* countFor(input, mechanism)
  const { totalDelta = delta, totalEpsilon = epsilon + (data.countEpsilon ?? 0) } = input.ledger
  const budget = { epsilon: totalEpsilon, delta: totalDelta }
  const service = yield* DpLowrank
  const source = {
    ...data.spelling,
    path: data.path,
    ignore: data.ignore,
    mayMiss: data.missing === "centre",
    neighbours,
    ...(data.names === undefined ? {} : { names: data.names }),
  }
  // a share alone: the size of the file is not public
  const table = yield* track({ label: "read", total: 1 }, ({ done }) =>
    readPrivateTable({ ...source, onRead: done }, (names) =>
      Effect.gen(function* () {
        const { length: dimension } = names
        yield* checkWidth(dimension)
        const target = yield* targetIn(data, names)
        const plan = yield* planFor(mechanism, rank, dimension)
        const scale = yield* PublicScales.scaleFor(scales, names)
        const scatter = yield* service.scatter({
          dimension,
          bound,
          ...centre,
          ...(scale === undefined ? {} : { scale }),
        })
        const whole = counting === undefined ? plan : PrivateCount.together(plan, counting)
        // what has no ledger to pay for it is not read
        yield* Ledger.check(account, whole, input.ledger.create ? budget : undefined)
        return {
          plan,
          scale,
          scatter,
          target,
          ...(centre.centre === undefined ? {} : { fill: centre.centre }),
        }
      }),
    ),
  ).pipe(
    Effect.catchTag("UnusableTable", ({ message }) =>
      Effect.fail(new UnusableRows({ reason: message })),
    ),
    Effect.catchTag("LedgerMissing", ({ message }) =>
      Effect.fail(new NoLedger({ reason: message })),
    ),
  )
  const { columns, plan, scale, target } = table
  const ones =
    counting === undefined
      ? undefined
      : yield* service.draft(PrivateCount.scatter(table.rows, yield* Kernels.Current), counting)
  // the count and all else hold together
  const failure = ones === undefined ? output.failure : output.failure / 2
  const count = ones && PrivateCount.read(ones.noisy, failure)
  const divisor =
    count === undefined
      ? yield* divisorOf(table, rows, neighbours)
      : Public.rowCount(Math.max(1, count.estimate))
  const draft = yield* track(
    { label: "noise", total: (columns.length * (columns.length + 1)) / 2, unit: "numbers" },
    ({ done }) => service.draft(table.scatter, plan, done),
  )
  // of what no one has paid for yet nothing is written or printed
  const shown = yield* service.components(draft.noisy, {
    rank,
    failure,
    divisor: divisor ?? 1,
    paper: mechanism.isComplex,
    ...(target !== undefined && { target }),
  })
  const matrices =
    staged === undefined
      ? []
      : yield* JsonParts.parts({
          components: ReleaseReport.directionsOf(shown.lowRank),
          noisyMatrix: PaperOutputs.triangleOf(
            PublicScales.inUnits(draft.noisy.matrix, scale),
            columns.length,
          ),
          ...(shown.paper === undefined ? {} : { paper: PaperOutputs.make(shown.paper) }),
        })
  const paid = Effect.gen(function* () {
    if (input.ledger.create) {
      yield* Ledger.create(account, { neighbours, rowsPerPerson, budget })
    }
    const whole = ones === undefined ? draft : PrivateCount.beside(draft, ones)
    const noisy = yield* service.pay(whole, { account, purpose: purposeOf(input) })
    const report = ReleaseReport.make(noisy, shown, {
      account,
      columns,
      people:
        rowsPerPerson === undefined ? UnitOfPrivacy.named([...columns, ...data.ignore]) : "said",
      divisor,
      count: count && { ...count, epsilon: data.countEpsilon!, failure },
      kernels,
      centre: data.centre,
      scale,
      missing: data.missing,
    })
    const save = Effect.gen(function* () {
      if (staged === undefined) return
      const text = yield* Output.encode(ReleaseReport.ReleaseReport, report)
      const all = JsonParts.withMembers(text, matrices)
      yield* staged.write(Stream.fromIterable(all, { chunkSize: 16 }))
    })
    const print = json
      ? Output.json(ReleaseReport.ReleaseReport, report)
      : Output.text(render(report))
    yield* Effect.ensuring(save, print)
  })
  // what was paid for is printed, whatever becomes of the file, and though someone has lost patience meanwhile
  yield* Effect.uninterruptible(paid)
}, reported)

export const handle = Effect.fn("release")(
  function* (input: Input) {
    if (input.data.check) return yield* check(input.data)
    const statistics = yield* StatisticsRequest.read(input)
    if (statistics.length === 0) return yield* release(yield* componentsInput(input))
    const { releaseStatistics } = yield* Effect.promise(() => import("./StatisticsHandler.ts"))
    return yield* releaseStatistics(input, statistics)
  },
  Effect.scoped,
  (work, { kernels }) =>
    Effect.provide(
      work,
      Layer.provideMerge(DpLowrank.layer, Layer.merge(Capabilities.layer({ kernels }), layer)),
    ),
  reported,
)
