/** Configurations in the order of their means over seeds. */
import { canonical } from "@nonconvex/runner/RunKey"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as GroupComparison from "./GroupComparison.ts"
import * as Configuration from "./Configuration.ts"
import * as Groups from "./Groups.ts"

export const Ranking = Schema.Struct({
  metric: Schema.String,
  goal: Schema.Literals(["least", "most"]),
  /** Number of configurations compared: the more, the more optimistic the best looks. */
  configurations: Schema.Int,
  /** The best first. */
  ranked: Schema.Array(
    Schema.Struct({ ...GroupComparison.GroupSummary.fields, config: Schema.Json }),
  ),
  /** Comparison of the second-best with the best; absent without a second. */
  next: Schema.optionalKey(GroupComparison.Contrast),
  notes: Schema.Array(Schema.String),
})
export type Ranking = typeof Ranking.Type

/** Trials of one experiment by their whole configuration, each labelled by the settings that vary. */
const configurations = (trials: ReadonlyArray<Groups.Trial>): ReadonlyArray<Groups.Group> => {
  const names = Configuration.varying(trials.map(({ run }) => run.key.config))
  const groups = new Map<string, Array<Groups.Trial>>()
  for (const trial of trials) {
    const key = canonical(trial.run.key.config)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [trial])
    else known.push(trial)
  }
  return Array.from(groups.values(), (inside) => ({
    label: Configuration.render(inside[0]!.run.key.config, names) || "the only configuration",
    trials: inside,
  }))
}

/**
 * Ranks configurations by their mean. A configuration with a non-finite run has no mean; it is excluded, with a note. A
 * configuration that diverges for some seeds must not win by the others.
 */
export const rank = (
  metric: string,
  goal: "least" | "most",
  trials: ReadonlyArray<Groups.Trial>,
  notes: ReadonlyArray<string>,
): Ranking => {
  const groups = configurations(trials)
  const all = groups.map((group) => ({ group, summary: GroupComparison.summary(group) }))
  const whole = all.filter(({ summary }) => summary.without.length === 0)
  const sign = goal === "least" ? 1 : -1
  const sorted = whole.toSorted((a, b) => sign * (a.summary.mean - b.summary.mean))
  const [first, second] = sorted
  const together =
    first === undefined || second === undefined
      ? undefined
      : GroupComparison.compare(metric, [first.group, second.group])
  const next = together?.contrasts[0]
  const counts = new Set(whole.map(({ summary }) => summary.count))
  const broken = all.filter(({ summary }) => summary.without.length > 0)
  return {
    metric,
    goal,
    configurations: groups.length,
    ranked: sorted.map(({ group, summary }) => ({
      ...summary,
      config: group.trials[0]!.run.key.config,
    })),
    ...(next === undefined ? {} : { next }),
    notes: [
      ...notes,
      ...broken.map(
        ({ summary: { count, label, without } }) =>
          `${label} is not ranked: ${without.length} of ${Table.plural(count + without.length, "run")} ${without.length === 1 ? "has" : "have"} no finite number (${without[0]!.reason})`,
      ),
      ...GroupComparison.cautions(Groups.differing(groups)),
      ...(counts.size > 1
        ? [
            `configurations have from ${Math.min(...counts)} to ${Math.max(...counts)} seeds: means over fewer seeds are less certain`,
          ]
        : []),
      ...(first?.summary.count === 1
        ? [
            "the best has one seed, so no confidence interval can be computed; run it with more seeds",
          ]
        : []),
      ...(first !== undefined && groups.length > 1
        ? [
            `the best of ${groups.length} looks better than it is, since it was chosen on these seeds; run it with new ones`,
          ]
        : []),
    ],
  }
}
