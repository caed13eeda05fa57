/** The part of the law of resumption that works in a new process. */
import * as Snapshot from "../Snapshot.ts"

/** A run that can start anywhere: `begin` returns a fresh state, with the step that advances it. */
export interface Case {
  readonly name: string
  /** A number that `step` returns is compared as well. */
  readonly begin: () => { readonly state: object; readonly step: () => unknown }
}

/** End of a run: its state, and the values that the steps returned. */
export interface End {
  readonly returned: ReadonlyArray<unknown>
  readonly state: Snapshot.Snapshot
}

export interface Work {
  readonly list: string
  readonly steps: number
  /** For each case the snapshots after 0, 1, ..., `steps` - 1 steps. */
  readonly snapshots: ReadonlyArray<ReadonlyArray<Snapshot.Snapshot>>
}

export const casesOf = async (list: string): Promise<ReadonlyArray<Case>> => {
  const { cases } = (await import(/* @vite-ignore */ list)) as {
    readonly cases: ReadonlyArray<Case>
  }
  return cases
}

export const numberOf = (returned: unknown) => (typeof returned === "number" ? returned : 0)

export const endOf = (returned: ReadonlyArray<number>, state: object): End => ({
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
