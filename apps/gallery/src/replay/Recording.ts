/** Recording of a rerun trial, which the page steps through. */
import type { Recalled } from "@nonconvex/evidence/Attempt"
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Erratum } from "@nonconvex/evidence/Erratum"
import type { Compared, Comparison } from "@nonconvex/evidence/Margin"
import type { Run } from "@nonconvex/evidence/Margin"
import * as Token from "@nonconvex/evidence/Replay"
import * as Verify from "@nonconvex/evidence/Verify"
import * as Kernels from "@nonconvex/numerics/Kernels"

/** Moment of a recording: a point of a run, or a comparison. */
export type Moment =
  | { readonly _tag: "Point"; readonly run: number; readonly index: number }
  | { readonly _tag: "Asked"; readonly compared: Compared; readonly margin: number }

export interface Recording {
  readonly statement: Claim | Erratum
  readonly control: string | undefined
  readonly recalled: Recalled
  readonly runs: ReadonlyArray<Run>
  readonly moments: ReadonlyArray<Moment>
  /** Number of comparisons and runs beyond those that are kept. */
  readonly more: number
}

/** Maximum number of recorded comparisons. */
const most = 200

/** Comparisons without parts, in order: those among which the given one is the worst, or itself. */
const comparisonsIn = (comparison: Comparison): ReadonlyArray<Comparison> => {
  const found: Array<Comparison> = []
  const left = [comparison]
  for (let each = left.pop(); each !== undefined; each = left.pop()) {
    if (each.among === undefined) found.push(each)
    else left.push(...each.among.toReversed())
  }
  return found
}

const momentsOf = (comparison: Comparison) => {
  const { more, runs } = comparison.trace!
  const points = runs
    .flatMap((run, number) =>
      run.points.map(({ at }, index) => ({
        at,
        moment: { _tag: "Point" as const, run: number, index },
      })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ moment }) => moment)
  const asked = comparisonsIn(comparison).flatMap(({ compared, margin }) =>
    compared === undefined ? [] : [{ _tag: "Asked" as const, compared, margin }],
  )
  const kept = asked.slice(0, most)
  // the worst decides, wherever it comes
  const worst = asked.reduce((least, { margin }) => Math.min(least, margin), Infinity)
  if (!kept.some(({ margin }) => margin === worst)) {
    kept.splice(-1, 1, ...asked.filter(({ margin }) => margin === worst).slice(0, 1))
  }
  return { moments: [...points, ...kept], more: more + asked.length - kept.length }
}

/**
 * Replays a token against the statements. Throws the errors of the command `replay`, on an invalid token, or an unknown id,
 * control or path.
 */
export const recording =
  (statements: ReadonlyArray<Claim | Erratum>) =>
  (token: string): Recording => {
    const parsed = Token.parse(token)
    if (parsed._tag === "None") throw new Token.BadReplayToken({ token })
    const { control, id } = parsed.value
    const statement = statements.find((each) => each.id === id)
    if (statement === undefined) throw new Error(`no claim is called ${id}`)
    const given = { kernels: Kernels.standard() }
    const { comparison, recalled } = Verify.retrace(statement, parsed.value, given)
    const names = "controls" in statement ? statement.controls : []
    return {
      statement,
      control:
        control === undefined
          ? undefined
          : names.find((name) => Token.isControl(parsed.value, name)),
      recalled,
      runs: comparison.trace!.runs,
      ...momentsOf(comparison),
    }
  }
