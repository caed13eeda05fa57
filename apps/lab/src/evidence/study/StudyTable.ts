/** A study for a person at a terminal. */
import type { Paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import { headline, type JudgedExpectation, type Mean, sentence } from "./Judgement.ts"
import type { Outcome } from "./Preregistration.ts"
import type { Found, Outcomes, StudyReport } from "./StudyReport.ts"

/** `0.812 (0.801 to 0.823)`; of fewer than all seeds, of how many. */
export const interval = ({ count, high, low, mean }: Mean, seeds: number): string => {
  if (count === 0) return "none"
  const centre = Table.margin(mean)
  const range = count > 1 ? ` (${Table.margin(low)} to ${Table.margin(high)})` : ""
  return `${centre}${range}${count === seeds ? "" : `, ${count} of ${seeds} seeds`}`
}

/** Sample size of an effect: `45 in 10 seeds`, `10 paired seeds`. */
const counted = ({ effect: { counted: found }, exact, pairs }: JudgedExpectation): string => {
  if (exact === true) return "equal at every seed by construction"
  return found === undefined
    ? Table.plural(pairs, "paired seed")
    : `${found.holds} of ${found.of} in ${Table.plural(pairs, "seed")}`
}

const chance = ({ effect: { adjusted, tests } }: JudgedExpectation): ReadonlyArray<string> =>
  Number.isNaN(adjusted)
    ? []
    : [`p ${Table.margin(adjusted)} after Holm over ${Table.plural(tests, "expectation")}`]

/** Effect with its interval, its sample size and its expectation. */
export const effect = (judged: JudgedExpectation): string => {
  const { asked, effect: found, pairs } = judged
  return [
    `${found.kind} ${interval(found, pairs)}`,
    counted(judged),
    ...chance(judged),
    `asked: ${asked}`,
  ].join("; ")
}

/** Count, effect with its 95 % confidence interval, and size, which accompany every printed finding. */
export const beside = (judged: JudgedExpectation, size: string): string =>
  `n: ${counted(judged)}; ${judged.effect.kind} ${interval(judged.effect, judged.pairs)}, asked ${judged.asked}; ${size}`

const painted = (paint: Paint, outcome: Outcome): string =>
  ({ supported: paint.good, contradicted: paint.bad, undecided: paint.dim })[outcome](outcome)

/** A sentence without the marks of its emphasis. */
const plain = (text: string): string => text.replaceAll("**", "")

/** A study in the list of all. */
export const listed =
  (paint: Paint, width: number) =>
  ({ found, heading, name, question }: StudyReport): string => {
    const heads =
      found === undefined
        ? ["not run yet"]
        : headline(found.judged).map(
            (each) =>
              `${painted(paint, each.outcome)}: ${plain(sentence(each))} (${beside(each, heading.size)})`,
          )
    return [name, ...[...heads, question].map((text) => Table.wrap(text, width, "  "))].join("\n")
  }

const outcomes = ["supported", "contradicted", "undecided"] as const

/** The studies with how many of their expectations have each outcome. */
export const short = (paint: Paint, studies: ReadonlyArray<Outcomes>, width: number): string =>
  [
    Table.render(
      ["STUDY", ...outcomes.map((outcome) => outcome.toUpperCase())],
      studies.map(({ name, outcomes: found }) => [
        name,
        ...outcomes.map((outcome) =>
          found === undefined ? "-" : String(found.filter((each) => each === outcome).length),
        ),
      ]),
      width,
    ),
    "",
    paint.dim(
      Table.wrap(
        "nonconvex study <name> shows one study; --all lists the findings of each.",
        width,
      ),
    ),
  ].join("\n")

const expectations = (paint: Paint, width: number, { judged }: Found): ReadonlyArray<string> =>
  judged.flatMap((each) => [
    Table.fold(`${painted(paint, each.outcome)}: ${plain(sentence(each))}`, width),
    ...(each.plain === undefined
      ? []
      : [Table.wrap(`as registered: ${plain(each.finding)}`, width, "  ")]),
    Table.wrap(`expected: ${each.statement}`, width, "  "),
    Table.wrap(
      `${each.of.label} ${interval(each.of, each.seeds)}; ${each.against.label} ${interval(each.against, each.seeds)}`,
      width,
      "  ",
    ),
    Table.wrap(effect(each), width, "  "),
    ...[each.note, each.aside].flatMap((text) =>
      text === undefined ? [] : [Table.wrap(text, width, "  ")],
    ),
    "",
  ])

/** Findings of one study, each with its numbers. */
export const brief = (paint: Paint, width: number, report: StudyReport): string => {
  const { found, heading, name, question } = report
  const findings =
    found === undefined
      ? ["registered, but not run yet"]
      : found.judged.flatMap((each) => [
          Table.fold(`${painted(paint, each.outcome)}: ${plain(sentence(each))}`, width),
          Table.wrap(beside(each, heading.size), width, "  "),
        ])
  return [`${name}: ${heading.title}`, Table.wrap(question, width), "", ...findings].join("\n")
}

/** Date and provenance of a result. */
export const origin = ({ provenance, rows, seeds }: Found): string => {
  const { commit, cpu, node, registration, seconds, startedAt, trials } = provenance
  const by =
    commit === undefined
      ? ""
      : ` at ${commit.hash.slice(0, 12)}${commit.dirty ? " with changes" : ""}`
  return `${Table.plural(trials, "trial")} of ${seeds} seeds, ${Table.plural(rows, "row")}, ${Table.duration(seconds)} of wall time on ${cpu}, node ${node}; registered in ${registration.commit.slice(0, 12)} on ${registration.time}${registration.tag === undefined ? ", without a tag" : `, tag ${registration.tag}`}, run from ${startedAt}${by}`
}

/** One study in full. */
export const render = (paint: Paint, width: number, report: StudyReport): string => {
  const { found, heading, name, question } = report
  const wrapped = (text: string) => Table.wrap(text, width)
  const head = [`${name}: ${heading.title}`, wrapped(question), ""]
  if (found === undefined) return [...head, "registered, but not run yet"].join("\n")
  const { by, shown } = heading.table
  const table = Table.render(
    [...by, ...shown.map(({ title }) => title)],
    found.groups.map(({ means, values }) => [
      ...values.map(String),
      ...means.map((mean) => interval(mean, found.seeds)),
    ]),
    width,
  )
  return [
    ...head,
    ...expectations(paint, width, found),
    table,
    "",
    wrapped(`the paper: ${heading.paper}`),
    wrapped(`scale: ${heading.scale}`),
    wrapped(`in the paper: ${heading.paperScale}`),
    ...(heading.notes ?? []).map(wrapped),
    paint.dim(wrapped(origin(found))),
  ].join("\n")
}
