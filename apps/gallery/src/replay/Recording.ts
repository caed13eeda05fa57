/** A trial run again, and all that it told: what is stepped through on the page. */
import type { Recalled } from "@nonconvex/evidence/Attempt"
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Erratum } from "@nonconvex/evidence/Erratum"
import type { Compared } from "@nonconvex/evidence/Margin"
import * as Token from "@nonconvex/evidence/Replay"
import * as Verify from "@nonconvex/evidence/Verify"
import * as Witness from "@nonconvex/evidence/Witness"
import * as Kernels from "@nonconvex/numerics/Kernels"

/** A method on its way. */
export interface Run {
  readonly method: string
  /** Its objective, where it has one. */
  readonly valueAt?: (point: Float64Array) => number
  /** Points that are kept, with the number of the step that led to each; evenly where they are many. */
  readonly points: Array<{
    readonly step: number
    readonly point: Float64Array
    readonly loss?: number
  }>
  /** Steps that it took. */
  steps: number
}

/** What one press of a button shows: a point of a run, or a comparison. */
export type Moment =
  | { readonly _tag: "Point"; readonly run: number; readonly index: number }
  | { readonly _tag: "Asked"; readonly compared: Compared; readonly margin: number }

export interface Recording {
  readonly statement: Claim | Erratum
  readonly control: string | undefined
  readonly recalled: Recalled
  readonly runs: ReadonlyArray<Run>
  readonly moments: ReadonlyArray<Moment>
  /** Comparisons and runs beyond those that are kept. */
  readonly more: number
}

/** What is kept at most: points of a run, runs, comparisons. More nobody steps through. */
const most = { points: 400, runs: 12, asked: 200 }

interface Kept {
  readonly at: number
  readonly moment: Extract<Moment, { readonly _tag: "Asked" }>
}

/** Hears a trial. */
const listening = () => {
  const runs: Array<Run & { readonly at: Array<number>; every: number }> = []
  const asked: Array<Kept> = []
  let [at, more] = [0, 0]
  const keep = (run: (typeof runs)[number], point: Float64Array, loss: number | undefined) => {
    run.points.push({ step: run.steps, point, ...(loss !== undefined && { loss }) })
    run.at.push(at)
    if (run.points.length <= most.points) return
    run.every *= 2
    const even = (_: unknown, k: number) => k % 2 === 0
    run.points.splice(0, Infinity, ...run.points.filter(even))
    run.at.splice(0, Infinity, ...run.at.filter(even))
  }
  const ask = ({ compared, margin }: Witness.Asked) => {
    const moment = { _tag: "Asked" as const, compared, margin }
    asked.push({ at, moment })
    if (asked.length <= most.asked) return
    more++
    // the worst decides, wherever it comes
    const last = asked.at(-2)!
    asked.splice(last.moment.margin <= margin ? -1 : -2, 1)
  }
  const hear = (told: Witness.Told) => {
    at++
    if (told._tag === "Asked") return ask(told)
    if (told.run >= most.runs) {
      if (told._tag === "Began") more++
      return undefined
    }
    if (told._tag === "Began") {
      const { method, point, valueAt } = told
      runs.push({ method, ...(valueAt && { valueAt }), points: [], steps: 0, at: [], every: 1 })
      return keep(runs.at(-1)!, point, undefined)
    }
    const run = runs[told.run]!
    run.steps++
    return run.steps % run.every === 0 ? keep(run, told.point, told.loss) : undefined
  }
  const heard = () => {
    const points = runs.flatMap((run, number) =>
      run.at.map((when, index) => ({
        at: when,
        moment: { _tag: "Point" as const, run: number, index },
      })),
    )
    const moments = [...points, ...asked]
      .toSorted((a, b) => a.at - b.at)
      .map(({ moment }) => moment)
    return { runs, moments, more }
  }
  return { hear, heard }
}

/** Replays a token among statements. Throws what the command `replay` fails with: a text that is no token, an id, a control or a path that is none. */
export const recording =
  (statements: ReadonlyArray<Claim | Erratum>) =>
  (token: string): Recording => {
    const parsed = Token.parse(token)
    if (parsed._tag === "None") throw new Token.BadReplayToken({ token })
    const { control, id } = parsed.value
    const statement = statements.find((each) => each.id === id)
    if (statement === undefined) throw new Error(`no claim is called ${id}`)
    const { hear, heard } = listening()
    const given = { kernels: Kernels.standard() }
    const recalled = Witness.heard(hear, () => Verify.replay(statement, parsed.value, given))
    const names = "controls" in statement ? statement.controls : []
    return {
      statement,
      control:
        control === undefined
          ? undefined
          : names.find((name) => Token.isControl(parsed.value, name)),
      recalled,
      ...heard(),
    }
  }
