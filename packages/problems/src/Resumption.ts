/**
 * Law of resumption: a run can be stopped at any step, saved, and continued in a new process. The steps are equal bit for
 * bit. For tests; requires Node.
 */
import { execFileSync } from "node:child_process"
import * as Require from "@nonconvex/numerics/Require"
import * as Snapshot from "./Snapshot.ts"

/** A run that can start anywhere: `begin` returns a fresh state, with the step that advances it. */
export interface Case {
  readonly name: string
  /** A number that `step` returns is compared as well. */
  readonly begin: () => { readonly state: object; readonly step: () => unknown }
}

/** A run that went on otherwise than it would have gone on without the break. */
interface Difference {
  readonly name: string
  /** Steps before the interruption. */
  readonly stop: number
  /** First field in which the end states differ. */
  readonly field: string
}

/** End of a run: its state, and the values returned by its steps. */
interface End {
  readonly returned: ReadonlyArray<unknown>
  readonly state: Snapshot.Snapshot
}

interface Work {
  readonly list: string
  readonly steps: number
  /** Snapshots of each case after 0, 1, ..., `steps` - 1 steps. */
  readonly snapshots: ReadonlyArray<ReadonlyArray<Snapshot.Snapshot>>
}

const casesOf = async (list: string): Promise<ReadonlyArray<Case>> => {
  const { cases } = (await import(/* @vite-ignore */ list)) as {
    readonly cases: ReadonlyArray<Case>
  }
  return cases
}

const numberOf = (returned: unknown) => (typeof returned === "number" ? returned : 0)

const endOf = (returned: ReadonlyArray<number>, state: object): End => ({
  returned: returned.map((value) => Snapshot.write({ value })),
  state: Snapshot.write(state),
})

/**
 * Resumes in a new process: takes work as JSON, and returns the ends of all runs, by case and stop.
 *
 * @internal
 */
export const resume = async (text: string): Promise<string> => {
  const { list, snapshots, steps } = JSON.parse(text) as Work
  const cases = await casesOf(list)
  const ends = cases.map(({ begin }, i) =>
    snapshots[i]!.map((snapshot, stop) => {
      const { state, step } = begin()
      Snapshot.read(snapshot, state)
      const returned = Array.from({ length: steps - stop }, () => numberOf(step()))
      return endOf(returned, state)
    }),
  )
  return JSON.stringify(ends)
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
  const conditions = import.meta.url.endsWith(".ts") ? ["--conditions=source"] : []
  const answer = execFileSync(
    process.execPath,
    [...conditions, "--input-type=module", "--eval", program, import.meta.url],
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
