/** The result of an experiment for a person at a terminal. */
import { Expectation, type ExperimentResult, type Row } from "@nonconvex/evidence"
import type { Paint } from "../cli/Paint.ts"
import * as Csv from "@nonconvex/evidence/Csv"
import * as Table from "../cli/TextTable.ts"
import { wilson } from "../statistics/WilsonInterval.ts"

const text = (value: Row[string] | undefined): string =>
  typeof value === "number" ? Table.number(value) : String(value ?? "")

const rowsTable = (rows: ReadonlyArray<Row>, where: string): ReadonlyArray<string> => {
  if (rows.length === 0) return ["no rows"]
  const names = Csv.columns(rows)
  const cells = (row: Row) => names.map((name) => text(row[name]))
  return Table.clipped(names, rows, cells, { what: "row", where })
}

const words = { holds: "holds", fails: "FAILS", toothless: "TOOTHLESS" } as const

/** Control that keeps an expectation from being trivial, in words; undefined for a regression and in earlier results. */
export const against = ({ control, uncontrolled }: Expectation.Expectation): string | undefined => {
  if (control !== undefined) {
    return `${control.caught ? "detected" : "not detected"}: ${control.name} (${control.observed})`
  }
  return uncontrolled === undefined ? undefined : `no control: ${uncontrolled}`
}

/**
 * Count of seeds with Wilson's 95 % confidence interval of the share, `9 of 10 seeds (0.60 to 0.98)`; undefined for one
 * seed.
 */
export const ofSeeds = ({ seeds }: Expectation.Expectation): string | undefined => {
  if (seeds === undefined) return undefined
  const { high, low } = wilson(seeds)
  return `${seeds.holds} of ${seeds.of} seeds (${low.toFixed(2)} to ${high.toFixed(2)})`
}

const expectation =
  (paint: Paint) =>
  (each: Expectation.Expectation): string => {
    const { expected, holds, observed, statement } = each
    const word = words[Expectation.outcome(each)]
    const seeds = ofSeeds(each)
    const line = `${holds ? paint.good(word) : paint.bad(word)}  ${statement}: ${observed} (expected ${expected})${seeds === undefined ? "" : `, ${seeds}`}`
    const told = against(each)
    return told === undefined ? line : `${line}\n${paint.dim(`       ${told}`)}`
  }

/** Lists the evidence, then the comparisons with earlier results. */
const allExpectations = (paint: Paint, all: ExperimentResult["expectations"]) => {
  const regressions = all.filter(Expectation.isRegression)
  return [
    ...all.filter((each) => !Expectation.isRegression(each)).map(expectation(paint)),
    ...(regressions.length === 0
      ? []
      : ["regression checks, which compare with earlier results and are not evidence:"]),
    ...regressions.map(expectation(paint)),
  ]
}

/**
 * The figure if there is any, the rows, then each expectation with the observation; `where` says where omitted rows are
 * found.
 */
export const render =
  (paint: Paint, picture: ReadonlyArray<string> = [], where = "--out and --json have all") =>
  (result: ExperimentResult): string =>
    [
      ...(result.title === "" ? [] : [`${result.id}: ${result.title}`]),
      // a program of the user asks nothing
      ...(result.question === "" ? [] : [result.question]),
      "",
      ...(picture.length === 0 ? [] : [...picture, ""]),
      ...rowsTable(result.rows, where),
      "",
      ...allExpectations(paint, result.expectations),
      paint.dim(`seed ${result.seed}, ${Table.duration(result.seconds)}`),
      ...(result.paperScale === undefined ? [] : [paint.dim(result.paperScale)]),
      ...(result.data ?? []).map(({ digest, name }) => paint.dim(`data ${name}, sha256 ${digest}`)),
    ].join("\n")

/** Expectations that were not met, or that their control meets too, in words. */
export const failures = ({ expectations, id }: ExperimentResult): ReadonlyArray<string> =>
  expectations
    .filter(({ holds }) => !holds)
    .map((each) => {
      const { control, expected, observed, statement } = each
      const over = ofSeeds(each)
      const wanted =
        over === undefined
          ? ""
          : `; it holds for ${over}, and at least ${each.seeds!.least} are required`
      const shown = `${id}: ${statement} (observed ${observed}, expected ${expected}${wanted})`
      return Expectation.outcome(each) === "toothless" && control !== undefined
        ? `${shown} is toothless: its control ${control.name} meets it too (${control.observed})`
        : shown
    })
