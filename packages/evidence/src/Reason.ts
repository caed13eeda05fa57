import { Formatter, Schema } from "effect"
import { place, refusals } from "./Refusals.ts"

/** Maximum length of a reason, which may quote untrusted text. */
const most = 500

const firstLine = (text: string): string => {
  const line = text.trim().split("\n", 1)[0]!
  return line.length > most ? `${line.slice(0, most)}...` : line
}

/** Describes a failure in one line, for any thrown value or error. */
export const of = (cause: unknown): string => {
  if (Schema.isSchemaError(cause)) {
    const { expected, path } = refusals(cause)[0]!
    return firstLine(path.length === 0 ? expected : `${place(path)}: ${expected}`)
  }
  if (!(cause instanceof Error)) {
    return firstLine(typeof cause === "string" ? cause : Formatter.format(cause))
  }
  const line = firstLine(cause.message)
  return line === "" ? cause.name : line
}
