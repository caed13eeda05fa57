import type { Strategy } from "@nonconvex/evidence/Attempt"
import { DateTime, Effect, Layer, Option } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { RunFailed } from "../../cli/Failure.ts"
import type { Keeping } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Folder from "../../files/Folder.ts"
import * as Provenance from "../report/Provenance.ts"
import * as Report from "../report/Report.ts"
import * as Summary from "../report/Summary.ts"
import * as KeptRows from "../kept/KeptRows.ts"
import * as OverSeeds from "../kept/OverSeeds.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Study from "../study/Study.ts"
import * as StudyReport from "../study/StudyReport.ts"
import * as Reproduction from "../Reproduction.ts"
import { allSystems, index } from "../Systems.ts"
import * as Verdicts from "../Verdicts.ts"
import * as Output from "../../cli/Output.ts"

export interface Input extends Capabilities.Chosen, Keeping {
  readonly preset: "smoke" | "fast" | "paper"
  readonly jobs: number
  readonly seed: number
  readonly runs: Option.Option<number>
  readonly search: Strategy | undefined
  readonly studies: string
  readonly rows: string
  readonly out: string
}

/** Instances drawn for each claim. */
const runsOf = { smoke: 20, fast: 200, paper: 1000 } as const

/** Search of each preset. */
const wayOf = { smoke: "random", fast: "random", paper: "steered" } as const

/** Number of tables of kept rows computed by earlier code, if any. */
const originsInWords = (
  { ofOtherCode, tables }: OverSeeds.Origins,
  seed: number,
): ReadonlyArray<string> =>
  ofOtherCode === 0
    ? []
    : [
        `rows over seeds: ${ofOtherCode} of ${Table.plural(tables, "table")} computed by an earlier version of the code; at seed ${seed} the current code gives the same bits`,
      ]

export const handle = Effect.fn("reproduce")(
  function* ({ out, preset, rows, runs: given, search, seed, studies: place, ...input }: Input) {
    const startedAt = yield* DateTime.now
    const folder = yield* Folder.stage(out)
    const runs = Option.getOrElse(given, () => runsOf[preset])
    const known = new Set((yield* index).map(({ id }) => id))
    const asked = yield* Study.all(place)
    // what is wrong with one of them is said before anything is computed
    const studies = yield* Effect.forEach(
      asked.filter(({ heading }) => known.has(heading.system)),
      StudyReport.read,
    )
    const systems = yield* allSystems
    const way = search ?? wayOf[preset]
    const computed = yield* Reproduction.run(systems, { preset, seed, runs, way })
    yield* CommandStore.sayReused
    // rows that are kept are of this preset, of the bundled data, and of kernels with the same bits on every machine
    const isKept = preset === KeptRows.preset && input.kernels === "strict"
    const over =
      isKept && input.data === undefined
        ? yield* OverSeeds.judge(rows, systems, computed)
        : undefined
    const found = over?.findings ?? computed
    const { jobs } = input
    const capabilities = Capabilities.described(input)
    const data = Summary.dataRead(found.systems)
    const work = { preset, seed, runs, search: way, jobs, capabilities, data, startedAt }
    const provenance = yield* Provenance.collect(work)
    const results = { format: 1 as const, provenance, ...found, studies }
    const undrawn = yield* Report.write(folder, results)
    const counts = Summary.counts(results)
    yield* Output.text(
      [
        Verdicts.summary(Summary.verdicts(results)),
        Verdicts.byKind(Summary.verdicts(results)),
        ...Summary.expectationsInWords(counts),
        ...(over === undefined ? [] : originsInWords(over.origins, seed)),
        ...(over === undefined || over.checked.experiments === 0
          ? []
          : [
              `rows of ${Table.plural(over.checked.experiments, "experiment")} recomputed at another seed, ${over.checked.failures.length === 0 ? "bit for bit equal to the saved ones" : "and different from the saved ones"}`,
            ]),
        `${out}/index.html`,
      ].join("\n"),
    )
    const contradiction = Verdicts.contradiction(Summary.verdicts(results))
    if (contradiction !== undefined) return yield* contradiction
    const reasons = [...Summary.failedRuns(results), ...undrawn]
    if (reasons.length > 0) return yield* new RunFailed({ reasons })
  },
  Effect.scoped,
  Effect.onInterrupt(() => CommandStore.sayHowToGoOn),
  (work, input) =>
    Effect.provide(work, Layer.merge(Capabilities.layer(input), CommandStore.layer(input))),
)
