/**
 * Law of resumption: a run can be stopped at any step, saved, and continued in a new process. The steps are equal bit for
 * bit. For tests; requires Node.
 */
import { execFileSync } from "node:child_process"
import * as Require from "@nonconvex/numerics/Require"
import { casesOf, type End, endOf, numberOf, type Work } from "./internal/Resumed.ts"
import * as Snapshot from "./Snapshot.ts"

export type { Case } from "./internal/Resumed.ts"

/** A run that went on otherwise than it would have gone on without the break. */
interface Difference {
  readonly name: string
  /** Steps before the interruption. */
  readonly stop: number
  /** First field in which the end states differ. */
  readonly field: string
}

const program = `
import { readFileSync } from "node:fs"
const { resume } = await import(process.argv[1])
process.stdout.write(await resume(readFileSync(0, "utf8")))
`

/** First difference of two pieces of JSON; undefined if they are equal. */
const difference = (a: unknown, b: unknown, field: string): string | undefined => {
  if (Object.is(a, b)) return undefined
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return field
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = difference(
      left[name],
      right[name],
      name === "fields" ? field : `${field}.${name}`,
    )
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Runs every case for `steps` steps (default 12), uninterrupted and from a break after each step in a new process. Returns the
 * runs that differ. `list` is the URL of a module that exports `cases`, an array of `Case`.
 */
export const differences = async (
  list: URL,
  { steps = 12 }: { readonly steps?: number } = {},
): Promise<ReadonlyArray<Difference>> => {
  Require.count("Resumption.differences", "steps", steps)
  const cases = await casesOf(list.href)
  const straight = cases.map(({ begin }) => {
    const { state, step } = begin()
    const snapshots: Array<Snapshot.Snapshot> = []
    const returned = Array.from({ length: steps }, () => {
      snapshots.push(Snapshot.write(state))
      return numberOf(step())
    })
    return { snapshots, end: endOf(returned, state) }
  })
  const work: Work = {
    list: list.href,
    steps,
    snapshots: straight.map(({ snapshots }) => snapshots),
  }
  const isSource = import.meta.url.endsWith(".ts")
  const conditions = isSource ? ["--conditions=source"] : []
  const resumedUrl = new URL(`./internal/Resumed.${isSource ? "ts" : "js"}`, import.meta.url).href
  const answer = execFileSync(
    process.execPath,
    [...conditions, "--input-type=module", "--eval", program, resumedUrl],
    { encoding: "utf8", input: JSON.stringify(work), maxBuffer: 2 ** 30 },
  )
  const resumed = JSON.parse(answer) as ReadonlyArray<ReadonlyArray<End>>
  return cases.flatMap(({ name }, i) => {
    const { returned, state } = straight[i]!.end
    return resumed[i]!.flatMap((end, stop) => {
      const expected: End = { returned: returned.slice(stop), state }
      const field = difference(JSON.parse(JSON.stringify(expected)), end, "end")
      return field === undefined ? [] : [{ name, stop, field }]
    })
  })
}
