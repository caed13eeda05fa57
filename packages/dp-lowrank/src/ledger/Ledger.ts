/**
 * Ledger of the privacy budget of a data set: a spend is on disk before any part of a release is shown.
 *
 * The budget is one (epsilon, delta) for all releases together. Gaussian releases compose exactly as sums of mu^2. `spend` compares the
 * total with the budget, and refuses to exceed it.
 */
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Entropy } from "../noise/Entropy.ts"
import { requireEpsilon } from "../privacy/PurePrivacy.ts"
import {
  type Neighbours,
  requireRowsPerPerson,
  requireTarget,
  type Target,
} from "../privacy/Target.ts"
import type { GridPlan } from "../release/GridPlan.ts"
import { granted, type Receipt } from "../release/Permit.ts"
import type { PrivateScatter } from "../release/PrivateScatter.ts"
import * as Release from "../release/Release.ts"
import { addNoise, type NoisyStatistics } from "../statistics/NoisyStatistics.ts"
import type { PrivateTallies } from "../statistics/PrivateTallies.ts"
import { BudgetExceeded, LedgerDamaged, LedgerExists, LedgerOfOther } from "./LedgerErrors.ts"
import * as LedgerRecord from "./LedgerRecord.ts"
import { LedgerStorage, type StoredLedger } from "./LedgerStorage.ts"

/** Account: a ledger, and its data set. */
export interface Account {
  /** Location in the storage: for `LedgerFile`, a path. */
  readonly path: string
  /** The public name of the data set of the ledger. */
  readonly dataset: string
}

/** Content of a ledger. */
export interface Status {
  readonly neighbours: Neighbours
  /** Rows of one person that are protected together. */
  readonly rowsPerPerson: number
  readonly budget: Target
  /** epsilon of all releases together, at the delta of the budget. */
  readonly spentEpsilon: number
  readonly entries: ReadonlyArray<LedgerRecord.Entry>
}

const open = (path: string) => Effect.flatMap(LedgerStorage, (storage) => storage.open(path))

const bookOf = Effect.fnUntraced(function* ({ lines, name }: StoredLedger) {
  const book = yield* LedgerRecord.parse(yield* lines)
  if (Option.isSome(book)) return book.value
  return yield* new LedgerDamaged({ path: name, reason: "a line of the ledger was changed" })
})

const checkedBook = Effect.fnUntraced(function* (ledger: StoredLedger, dataset: string) {
  const book = yield* bookOf(ledger)
  const recorded = book.opening.dataset
  if (recorded !== dataset) {
    const path = ledger.name
    return yield* new LedgerOfOther({ path, what: "data set", recorded, requested: dataset })
  }
  return book
})

/** Terms that a ledger counts. */
interface Terms {
  readonly neighbours: Neighbours
  /** Rows per person, equal to that of the mechanisms that the ledger pays for; default 1. */
  readonly rowsPerPerson?: number | undefined
  readonly budget: Target
}

/**
 * Creates a ledger with a budget for all releases together. Call `check` first, so that no ledger is created for a release
 * that it cannot pay for. Fails with LedgerExists if the ledger exists, LedgerDamaged if a part of this or another file
 * exists, LedgerUnusable, and InvalidInput on an invalid budget or number of rows.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Ledger, LedgerStorage } from "@nonconvex/dp-lowrank"
 * import { Effect } from "effect"
 *
 * const account = { dataset: "survey", path: "ledger" }
 * const creating = Ledger.create(account, { neighbours: "replace", budget: { epsilon: 2, delta: 1e-6 } })
 * const again = Effect.andThen(creating, Effect.flip(creating)).pipe(Effect.provide(LedgerStorage.layerMemory))
 * const { _tag } = await Effect.runPromise(again)
 * _tag // => "LedgerExists"
 * ```
 */
export const create = Effect.fn("Ledger.create")(function* (
  { dataset, path }: Account,
  { budget, neighbours, ...more }: Terms,
) {
  const rowsPerPerson = yield* Seam.attempt([InvalidInput], () => {
    // without a delta, releases without one are paid for
    if (budget.delta === 0) requireEpsilon("Ledger.create", budget.epsilon)
    else requireTarget("Ledger.create", budget)
    return requireRowsPerPerson("Ledger.create", more.rowsPerPerson)
  })
  const ledger = yield* open(path)
  const opening = yield* LedgerRecord.opening({ dataset, neighbours, rowsPerPerson, ...budget })
  if (yield* ledger.append(0, LedgerRecord.line(opening))) return
  yield* bookOf(ledger)
  return yield* new LedgerExists({ path: ledger.name })
})

/** Requires that a release fits into a budget from which `spends` have been made. Fails with BudgetExceeded. */
const requireRoom = (
  path: string,
  budget: Target,
  plan: LedgerRecord.Priced,
  spends: ReadonlyArray<LedgerRecord.Spend>,
): Effect.Effect<void, BudgetExceeded> => {
  const together = [...spends, plan.privacy]
  return LedgerRecord.fits(together, budget)
    ? Effect.void
    : new BudgetExceeded({
        path,
        budgetEpsilon: budget.epsilon,
        budgetDelta: budget.delta,
        spentEpsilon: LedgerRecord.spentEpsilon(spends, budget),
        wouldBeEpsilon: LedgerRecord.spentEpsilon(together, budget),
      })
}

/** Reads the ledger. Fails as `spend`, except for BudgetExceeded. */
export const status = Effect.fn("Ledger.status")(function* ({ dataset, path }: Account) {
  const { entries, opening } = yield* checkedBook(yield* open(path), dataset)
  const budget = { epsilon: opening.epsilon, delta: opening.delta }
  return {
    neighbours: opening.neighbours,
    rowsPerPerson: LedgerRecord.rowsPerPersonOf(opening),
    budget,
    spentEpsilon: LedgerRecord.spentEpsilon(entries, budget),
    entries,
  } satisfies Status
})

/**
 * Fails like a release of the plan, before rows are read or anything is written. `budget` is the budget of a ledger to be
 * created. It is undefined for an existing ledger.
 */
export const check = Effect.fn("Ledger.check")(function* (
  { dataset, path }: Account,
  plan: LedgerRecord.Priced,
  budget?: Target,
) {
  const ledger = yield* open(path)
  if (budget === undefined) {
    const book = yield* checkedBook(ledger, dataset)
    return yield* requireFor(ledger, book, plan)
  }
  yield* requireRoom(path, budget, plan, [])
  const isThere = ledger.lines.pipe(
    Effect.as(true),
    Effect.catchTag("LedgerMissing", () => Effect.succeed(false)),
  )
  if (yield* isThere) return yield* new LedgerExists({ path: ledger.name })
})

/** Requires that a ledger has the neighbouring relation of a plan, and room for it. */
const requireFor = Effect.fnUntraced(function* (
  { name }: StoredLedger,
  { entries, opening }: LedgerRecord.Book,
  plan: LedgerRecord.Priced,
) {
  const { neighbours, rowsPerPerson } = plan.privacy
  const terms = [
    ["neighbours", opening.neighbours, neighbours],
    ["rows per person", LedgerRecord.rowsPerPersonOf(opening), rowsPerPerson],
  ] as const
  for (const [what, recorded, requested] of terms) {
    if (recorded === requested) continue
    return yield* new LedgerOfOther({
      path: name,
      what,
      recorded: String(recorded),
      requested: String(requested),
    })
  }
  yield* requireRoom(name, { epsilon: opening.epsilon, delta: opening.delta }, plan, entries)
})

/** Receipt, or undefined if another process has spent since the ledger was read. */
const tryCharge = Effect.fnUntraced(function* (
  ledger: StoredLedger,
  dataset: string,
  plan: LedgerRecord.Priced,
  purpose: string,
) {
  const book = yield* checkedBook(ledger, dataset)
  yield* requireFor(ledger, book, plan)
  const { delta, epsilon } = book.opening
  const budget = { epsilon, delta }
  const entry = yield* LedgerRecord.next(book, plan, purpose)
  if (!(yield* ledger.append(entry.entry, LedgerRecord.line(entry)))) return undefined
  const spentEpsilon = LedgerRecord.spentEpsilon([...book.entries, entry], budget)
  return { entry: entry.entry, budget, spentEpsilon } satisfies Receipt
})

/** Records the spend of one release; when it returns, the record is on disk. Fails as `spend`. */
export const charge = Effect.fnUntraced(function* (
  plan: LedgerRecord.Priced,
  { account: { dataset, path }, purpose }: Payment,
) {
  const ledger = yield* open(path)
  let receipt: Receipt | undefined
  while (receipt === undefined) receipt = yield* tryCharge(ledger, dataset, plan, purpose)
  return receipt
})

/**
 * Records the spend of one release and returns the permit for it. When it returns, the record is on disk.
 *
 * Fails with BudgetExceeded (nothing is recorded), LedgerMissing, LedgerDamaged, LedgerOfOther, LedgerUnusable.
 */
export const spend = Effect.fn("Ledger.spend")(function* (
  account: Account,
  plan: GridPlan,
  purpose: string,
) {
  return granted(plan, yield* charge(plan, { account, purpose }))
})

/** Payment: the ledger charged for a release, and the purpose of the release. */
export interface Payment {
  readonly account: Account
  /** Purpose of the release, for the ledger. */
  readonly purpose: string
}

/**
 * Spends in the ledger, and turns a draft into a release. Whoever calls it shows the release without being interrupted in between, or the
 * spend stays recorded with nothing released. Fails as `spend`: then discard the draft.
 */
export const pay = Effect.fn("Ledger.pay")(function* (
  { noisy, plan }: Release.Draft,
  payment: Payment,
) {
  const receipt = yield* charge(plan, payment)
  return { ...noisy, receipt } satisfies Release.PaidScatter
})

/** Statistics that a ledger pays for. */
interface StatisticsRequest extends Payment {
  readonly tallies: PrivateTallies
}

/**
 * Draws the noise of statistics, then spends in the ledger, and returns them. An interruption before the spend costs nothing. Fails
 * as `check` and `spend`; then nothing is spent, and the drawn noise is discarded.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Ledger, LedgerStorage, PrivateTallies, StatisticsPlan } from "@nonconvex/dp-lowrank"
 * import { layer } from "@nonconvex/dp-lowrank/node"
 * import { NodeServices } from "@effect/platform-node"
 * import { Effect, Layer } from "effect"
 *
 * const account = { dataset: "survey", path: "ledger" }
 * const asked = { statistics: [{ kind: "count" }], epsilon: 0.5, neighbours: "add-remove" } as const
 * const tallies = PrivateTallies.make(StatisticsPlan.make(asked))
 * const program = Effect.gen(function* () {
 *   yield* Ledger.create(account, { neighbours: "add-remove", budget: { epsilon: 2, delta: 0 } })
 *   const { receipt } = yield* Ledger.releaseStatistics({ tallies, account, purpose: "number of rows" })
 *   return receipt.spentEpsilon
 * })
 * const services = Layer.merge(Layer.provide(layer, NodeServices.layer), LedgerStorage.layerMemory)
 * await program.pipe(Effect.provide(services), Effect.runPromise) // => 0.5
 * ```
 */
export const releaseStatistics = Effect.fn("Ledger.releaseStatistics")(function* ({
  tallies,
  ...payment
}: StatisticsRequest) {
  yield* check(payment.account, tallies.plan)
  const noisy = addNoise(tallies, yield* Entropy)
  const receipt = yield* charge(tallies.plan, payment)
  return { ...noisy, receipt } satisfies NoisyStatistics
})

/** A release that a ledger pays for. */
export interface Request extends Payment {
  /** The plan of the mechanism, for the dimension and the bound of the data. */
  readonly plan: GridPlan
}

/**
 * Draws the noise, then spends in the ledger, and returns the paid release. An interruption before the spend costs nothing.
 * Fails as `check` and `spend`, and with InvalidInput on a plan that does not fit the data. In that case nothing is spent,
 * and the drawn noise is discarded.
 */
export const release = Effect.fn("Ledger.release")(function* (
  scatter: PrivateScatter,
  { plan, ...payment }: Request,
) {
  yield* Seam.attempt([InvalidInput], () => Release.requireFit(scatter, plan))
  yield* check(payment.account, plan)
  const entropy = yield* Entropy
  const noise = Release.drawNoise(plan, entropy)
  return yield* pay({ plan, noisy: Release.addNoise(scatter, plan, noise, entropy) }, payment)
})
