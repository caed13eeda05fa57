/** A private release of counts, histograms, means and quantiles, from the file to the printed result. */
import { Ledger, PrivateTallies, type Statistic, StatisticsPlan } from "@nonconvex/dp-lowrank"
import { layer, readPrivateTallies } from "@nonconvex/dp-lowrank/node"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, Path } from "effect"
import { reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import type { Input } from "./ReleaseFlags.ts"
import * as StatisticsReport from "./StatisticsReport.ts"
import * as UnitOfPrivacy from "./UnitOfPrivacy.ts"
import { NoLedger, UnusableRows } from "./Unusable.ts"

/** Purpose of a release, for the ledger. */
const purposeOf = (statistics: ReadonlyArray<Statistic>): string =>
  statistics
    .map((statistic) => {
      if (statistic.kind === "count") return "number of rows"
      const { column, kind } = statistic
      if (kind === "quantile") return `quantile ${statistic.share} of ${column}`
      return `${kind === "mean" ? kind : "histogram"} of ${column}`
    })
    .join(", ")

/** Releases statistics. Nothing is read before a ledger is known to pay for it, and nothing is printed before it has paid. */
export const releaseStatistics = Effect.fn("releaseStatistics")(
  function* (input: Input, statistics: ReadonlyArray<Statistic>) {
    const { data, epsilon, json, ledger, neighbours, output, rowsPerPerson } = input
    const path = yield* Path.Path
    const plan = yield* Seam.attempt([InvalidInput], () =>
      StatisticsPlan.make({ statistics, epsilon, neighbours, rowsPerPerson }),
    )
    const account: Ledger.Account = {
      path: ledger.path ?? `${data.path}.ledger`,
      dataset: ledger.dataset ?? path.basename(data.path),
    }
    const { totalDelta = 0, totalEpsilon = epsilon } = ledger
    const budget = { epsilon: totalEpsilon, delta: totalDelta }
    yield* Ledger.check(account, plan, ledger.create ? budget : undefined).pipe(
      Effect.catchTag("LedgerMissing", ({ message }) =>
        Effect.fail(new NoLedger({ reason: message })),
      ),
    )
    const tallies = PrivateTallies.make(plan)
    const source = {
      ...data.spelling,
      path: data.path,
      mayMiss: data.missing === "centre",
      neighbours,
      ...(data.names === undefined ? {} : { names: data.names }),
    }
    const { columns } = yield* readPrivateTallies(source, tallies).pipe(
      Effect.catchTag("UnusableTable", ({ message }) =>
        Effect.fail(new UnusableRows({ reason: message })),
      ),
    )
    const paid = Effect.gen(function* () {
      if (ledger.create) yield* Ledger.create(account, { neighbours, rowsPerPerson, budget })
      const purpose = purposeOf(plan.parts.map(({ statistic }) => statistic))
      const noisy = yield* Ledger.releaseStatistics({ tallies, account, purpose })
      const report = StatisticsReport.make(noisy, {
        account,
        failure: output.failure,
        missing: data.missing,
        people: rowsPerPerson === undefined ? UnitOfPrivacy.named(columns) : "said",
      })
      yield* json
        ? Output.json(StatisticsReport.StatisticsReport, report)
        : Output.text(StatisticsReport.render(report))
    })
    // what was paid for is printed, though someone has lost patience meanwhile
    yield* Effect.uninterruptible(paid)
  },
  Effect.provide(layer),
  reported,
)
