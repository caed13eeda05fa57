/** Text files with the extension of another format. */
import { Predicate } from "effect"
import { formats, type Spelling } from "../Spelling.ts"
import * as TableFile from "../TableFile.ts"
import { UnreadableTable } from "../TypedError.ts"

/** Errors that reading a text as a table raises if it is not one. */
const ofText: ReadonlySet<string> = new Set([
  "BadCell",
  "BadEncoding",
  "BadHeader",
  "MalformedCsv",
  "MissingColumn",
  "RaggedRow",
  "UnclearDelimiter",
])

/** Error for a file whose extension is not that of a text format, if reading failed; otherwise undefined. */
export const misnamed = (
  path: string,
  spelling: Spelling | undefined,
  problem: unknown,
): UnreadableTable | undefined => {
  const named = TableFile.formatOf(path)
  const isOfText = Predicate.hasProperty(problem, "_tag") && ofText.has(String(problem._tag))
  if (named === undefined || spelling?.format !== undefined || !isOfText) return undefined
  const [reason] = (problem as unknown as Error).message.replace(`${path}: `, "").split(";", 1)
  return new UnreadableTable({
    path,
    reason: `it is text, and not ${formats[named]} as its name suggests (${reason})`,
    remedy: "give the intended file, or rename a text table to .csv",
  })
}
