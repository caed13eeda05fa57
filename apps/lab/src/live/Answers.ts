/** Answers of the server about kept runs: their list, the facts of one, its rows and figures. */
import * as Expectation from "@nonconvex/evidence/Expectation"
import type { Row } from "@nonconvex/evidence/Experiment"
import { outsideVocabulary } from "@nonconvex/figures"
import * as Reason from "@nonconvex/evidence/Reason"
import type * as Live from "@nonconvex/gallery/internal/Live"
import * as Parts from "@nonconvex/gallery/internal/Parts"
import { type KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect, Schema } from "effect"
import type { Paint } from "../cli/Paint.ts"
import * as Compare from "../evidence/handlers/CompareHandler.ts"
import * as Show from "../evidence/handlers/ShowHandler.ts"
import * as Lookup from "../evidence/Lookup.ts"
import * as Running from "../evidence/Running.ts"
import { against } from "../evidence/RunTable.ts"
import * as ProgramFigures from "../evidence/program/ProgramFigures.ts"
import { isSubject } from "../evidence/program/ProgramSystem.ts"
import * as RunSelection from "../evidence/runs/RunSelection.ts"
import * as ComparedTable from "../evidence/runs/ComparedTable.ts"
import * as Listing from "../evidence/runs/Listing.ts"
import { allSystems } from "../evidence/Systems.ts"
import * as Verdicts from "../evidence/Verdicts.ts"
import { subsample } from "./Subsample.ts"
import { reported } from "../cli/Failure.ts"

/** Runs of a page of the list. */
const pageLength = 50

/** Rows, and characters of figures, that a page stays quick with. */
const most = { rows: 10_000, figures: 4_000_000 } as const

const plain: Paint = { good: (text) => text, bad: (text) => text, dim: (text) => text }

/** Available experiments. */
export const experiments = Effect.map(allSystems, (systems): Live.ExperimentList =>
  systems.flatMap((system) =>
    system.experiments.map(({ id, title }) => ({ id, title, system: system.title })),
  ),
)

/** Form of an experiment. Fails with NotFound. */
export const experiment = Effect.fnUntraced(function* (name: string) {
  const { experiment: found, system } = yield* Lookup.experiment(name)
  const paperTime = Running.paperTime(found)
  return {
    id: found.id,
    title: found.title,
    system: system.title,
    question: found.question,
    ...(paperTime !== undefined && { paperTime }),
    presets: {
      smoke: found.preset("smoke"),
      fast: found.preset("fast"),
      paper: found.preset("paper"),
    },
    settings: found.settings(),
  } satisfies Live.ExperimentForm
})

/** One page of the runs that match a clause, or of all without one. Fails with BadExpression. */
export const runs = Effect.fnUntraced(function* (where: string | undefined, page: number) {
  const store = yield* Runs
  const { count, shown } = yield* RunSelection.page(where, {
    skip: pageLength * page,
    count: pageLength,
  })
  const latestFirst = shown.toReversed()
  return {
    place: store.place,
    count,
    runs: latestFirst.map(({ id, key }) => ({ id, subject: key.subject })),
    table: Listing.cells(latestFirst),
  } satisfies Live.RunList
})

const expectation = (each: Expectation.Expectation): Live.RunFacts["expectations"][number] => {
  const control = against(each)
  const { expected, observed, statement } = each
  return {
    outcome: Expectation.outcome(each),
    text: `${statement}: ${observed} (expected ${expected})`,
    ...(control !== undefined && { control }),
  }
}

const verdictOf = ({ outcome }: KeptRun): string | undefined => {
  if (outcome?._tag === "Judged") return Verdicts.render(plain)(outcome.verdict)
  return outcome?._tag === "Failed" ? outcome.reason : undefined
}

/** A run without its rows. Fails with UnknownRun, AmbiguousRun or DamagedRun. */
export const run = Effect.fnUntraced(function* (name: string) {
  const found = yield* (yield* Runs).find(name)
  const { question, title } = yield* Show.known(found, [])
  const { config, kind, seed, subject } = found.key
  const verdict = verdictOf(found)
  return {
    id: found.id,
    kind,
    subject,
    title,
    question,
    status: found.status,
    standing: Listing.standing(found),
    facts: yield* Show.factsOf(found),
    seed,
    config,
    expectations:
      found.outcome?._tag === "Shown" ? found.outcome.expectations.map(expectation) : [],
    ...(verdict !== undefined && { verdict }),
  } satisfies Live.RunFacts
}, reported)

type Figures = ReadonlyArray<{ readonly spec: unknown }>

/** Splits figures into those that can be shown, and reasons for the others. */
const drawable = (figures: Figures): { readonly kept: Figures; readonly fault?: string } => {
  const kept = figures.filter(({ spec }) => JSON.stringify(spec).length <= most.figures)
  const left = figures.length - kept.length
  return left === 0
    ? { kept }
    : {
        kept,
        fault: `${left} of ${figures.length} figures have too many rows for a page; nonconvex run --out draws them`,
      }
}

/** Figures that cannot be drawn from the rows of a run, or that are not allowed on a page. */
class NoFigures extends Schema.TaggedError<NoFigures>()("NoFigures", { reason: Schema.String }) {
  override get message(): string {
    return this.reason
  }
}

const figuresOf = Effect.fnUntraced(function* ({ key }: KeptRun, rows: ReadonlyArray<Row>) {
  if (isSubject(key.subject)) return drawable(ProgramFigures.of(rows))
  const { experiment: found } = yield* Lookup.experiment(key.subject)
  const { figures } = yield* Effect.try({
    try: () => found.configure(key.config).evaluate(rows),
    catch: (cause) => new NoFigures({ reason: Reason.of(cause) }),
  })
  const strange = figures
    .map(({ spec }) => outsideVocabulary(spec))
    .find((place) => place !== undefined)
  if (strange !== undefined) {
    return yield* new NoFigures({ reason: `${strange} is not allowed in a figure` })
  }
  return drawable(figures)
})

/** Stored rows and figures of a run. */
export const table = Effect.fnUntraced(function* (name: string) {
  const store = yield* Runs
  const found = yield* store.find(name)
  const rows = yield* store.rowsOf(found.id)
  const { fault, kept } =
    rows.length === 0
      ? { kept: [], fault: undefined }
      : yield* figuresOf(found, rows).pipe(
          Effect.catch(({ message }) => Effect.succeed({ kept: [], fault: message })),
        )
  const shown = subsample(rows, most.rows)
  return {
    total: rows.length,
    shown: shown.length,
    columns: { ...Parts.wholeColumnsOf(shown) } as Live.RunTable["columns"],
    figures: kept as Live.RunTable["figures"],
    ...(fault !== undefined && { fault }),
  } satisfies Live.RunTable
}, reported)

/** Runs compared, by the arithmetic of `nonconvex compare`. */
export const comparison = Effect.fnUntraced(function* (asked: Compare.Asked) {
  const { apart, compared } = yield* Compare.comparison(asked)
  const { headline, legend, tables } = ComparedTable.tables(compared)
  const isKnown = (...numbers: ReadonlyArray<number>) => numbers.every(Number.isFinite)
  const [first] = compared.contrasts
  return {
    headline,
    tables,
    notes: compared.notes,
    differences: compared.contrasts.flatMap(({ difference, high, label, low }) =>
      isKnown(difference, low, high) ? [{ label, at: difference, low, high }] : [],
    ),
    ...(apart !== undefined && { apart }),
    ...(legend !== undefined && { legend }),
    ...(first !== undefined && { against: first.against }),
  } satisfies Live.Comparison
}, reported)
