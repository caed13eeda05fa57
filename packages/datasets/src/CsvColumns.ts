/** Which columns of a CSV file are features and which one is the target. */
import { Result } from "effect"
import { BadHeader, MissingColumn, NoFeatures } from "./CsvError.ts"

export interface FeatureChoice {
  /** The feature columns in the order wanted; every column but the target when absent. */
  readonly features?: ReadonlyArray<string>
  /** Columns that are no features: identifiers, dates, texts. */
  readonly ignore?: ReadonlyArray<string>
}

/** Positions in the header, from 0. The target is never a feature. */
export interface Columns {
  readonly header: ReadonlyArray<string>
  readonly target: number
  readonly features: ReadonlyArray<number>
}

/** The first column of the header without a name, or else with the name of another. */
export const badNames = (
  header: ReadonlyArray<string>,
  { path, row }: { readonly path: string; readonly row: number },
): BadHeader | undefined => {
  const nameless = header.indexOf("")
  if (nameless >= 0) return new BadHeader({ path, row, column: "", positions: [nameless + 1] })
  const repeated = header.findIndex((column, j) => header.indexOf(column) < j)
  if (repeated < 0) return undefined
  const column = header[repeated]!
  return new BadHeader({
    path,
    row,
    column,
    positions: [header.indexOf(column) + 1, repeated + 1],
  })
}

/** Checks the header (found in `row` of the file) and finds the chosen columns in it. */
export const choose = (
  header: ReadonlyArray<string>,
  target: string,
  { features = header, ignore = [] }: FeatureChoice,
  { path, row }: { readonly path: string; readonly row: number },
): Result.Result<Columns, BadHeader | MissingColumn | NoFeatures> => {
  const bad = badNames(header, { path, row })
  if (bad !== undefined) return Result.fail(bad)
  const unknown = [target, ...features, ...ignore].find((column) => !header.includes(column))
  if (unknown !== undefined) {
    return Result.fail(new MissingColumn({ path, column: unknown, available: header }))
  }
  const used = [...new Set(features)].filter(
    (column) => column !== target && !ignore.includes(column),
  )
  if (used.length === 0) return Result.fail(new NoFeatures({ path, available: header }))
  return Result.succeed({
    header,
    target: header.indexOf(target),
    features: used.map((column) => header.indexOf(column)),
  })
}
