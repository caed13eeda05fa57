import * as Seam from "@nonconvex/numerics/Seam"
import { Effect } from "effect"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as RunSelection from "../runs/RunSelection.ts"
import * as ComparedTable from "../runs/ComparedTable.ts"
import { BadExpression } from "../runs/Clause.ts"
import * as Configuration from "../runs/Configuration.ts"
import * as Groups from "../runs/Groups.ts"
import * as Metric from "../runs/Metric.ts"
import * as Ranking from "../runs/Ranking.ts"

export interface Input extends Place {
  readonly metric: string
  readonly least: boolean
  readonly where: string | undefined
  readonly top: number
  readonly json: boolean
}

/** Configurations of two experiments have no order. */
const requireOne = (
  subjects: ReadonlyArray<string>,
  { metric, where }: Input,
): Effect.Effect<void, BadExpression> =>
  subjects.length === 1
    ? Effect.void
    : Effect.fail(
        new BadExpression({
          flag: where === undefined ? "metric" : "where",
          text: where ?? metric,
          reason:
            subjects.length === 0
              ? "no finished run of an experiment matches"
              : `these runs belong to ${subjects.join(", ")}; choose one with --where experiment=${subjects[0]!}`,
        }),
      )

export const handle = Effect.fn("best")(
  function* (input: Input) {
    const metric = yield* Seam.attempt([BadExpression], () => Metric.parse(input.metric))
    const runs = yield* RunSelection.selected(input.where, "experiment")
    const done = runs.filter(({ status }) => status === "done")
    yield* requireOne([...new Set(done.map(({ key }) => key.subject))], input)
    const { notes, trials: all } = yield* RunSelection.measured(metric, runs)
    const trials = Groups.latest(all)
    const goal = input.least ? "least" : "most"
    const ranking = Ranking.rank(Metric.render(metric), goal, trials, [
      ...notes,
      ...Groups.superseded(all.length - trials.length),
    ])
    if (input.json) return yield* Output.json(Ranking.Ranking, ranking)
    const { bad, dim } = yield* paint
    const { configurations, next, ranked } = ranking
    const shown = ranked.slice(0, input.top)
    const [first] = shown
    yield* Output.text(
      [
        `${ranking.metric}, ${goal} first: ${Table.plural(configurations, "configuration")} of ${done[0]!.key.subject} in ${Table.plural(trials.length, "run")}`,
        "",
        ComparedTable.means(shown),
        ...(ranked.length > shown.length
          ? [dim(`${Table.count(ranked.length - shown.length)} more: --top ${ranked.length}`)]
          : []),
        ...(next === undefined
          ? []
          : ["", ComparedTable.sentence("the second against the best", next)]),
        ...(first === undefined
          ? []
          : [
              "",
              `the best: ${Configuration.render(first.config, Configuration.namesOf([first.config]))}`,
            ]),
        ...(ranking.notes.length === 0
          ? []
          : ["", ...ranking.notes.map((note) => bad(`note: ${note}`))]),
        "",
        dim(ComparedTable.legend),
      ].join("\n"),
    )
  },
  (work, input) => Effect.provide(work, CommandStore.runs(input)),
)
