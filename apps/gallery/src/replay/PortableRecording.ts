/** Replay as data: what a worker sends to the page. */
import * as Instance from "@nonconvex/evidence/Instance"
import { isViolated } from "@nonconvex/evidence/Margin"
import * as Outcome from "@nonconvex/evidence/Outcome"
import type { Run } from "@nonconvex/evidence/Margin"
import type { Box } from "../play/Plot.ts"
import { isPlanar, planeOf, shadeOf } from "./Picture.ts"
import type { Moment, Recording } from "./Recording.ts"

/** Run without its objective, which is a function and cannot be sent from the worker. */
export type PortableRun = Omit<Run, "valueAt">

/** Part of the plane in which planar runs move. */
export interface Plane {
  readonly box: Box
  /** Level of each run's objective on a grid of `columns` by `rows` points, from 0 to 1; undefined without an objective. */
  readonly levels: ReadonlyArray<Float32Array | undefined>
}

export interface PortableRecording {
  /** Id of the replayed claim or erratum. */
  readonly id: string
  readonly control: string | undefined
  readonly instance: ReadonlyArray<string>
  readonly margin: number
  /** Decisive comparison in words; empty if nothing is measured. */
  readonly compared: string
  readonly outcome: string
  readonly runs: ReadonlyArray<PortableRun>
  readonly plane: Plane | undefined
  readonly moments: ReadonlyArray<Moment>
  /** Number of comparisons and runs beyond those that are kept. */
  readonly more: number
}

/** Size of the grid of levels. */
export const columns = 90
export const rows = 60

const levelsOf = (run: Run, box: Box): Float32Array | undefined => {
  const shade = shadeOf(run, box)
  if (shade === undefined) return undefined
  return Float32Array.from({ length: columns * rows }, (_, k) => {
    const [i, j] = [k % columns, Math.floor(k / columns)]
    return shade(
      box.x[0] + ((i + 0.5) / columns) * (box.x[1] - box.x[0]),
      box.y[0] + ((j + 0.5) / rows) * (box.y[1] - box.y[0]),
    )
  })
}

const planeIn = (runs: ReadonlyArray<Run>): Plane | undefined => {
  const planar = runs.filter(isPlanar)
  if (planar.length === 0) return undefined
  const box = planeOf(planar)
  return { box, levels: runs.map((run) => (isPlanar(run) ? levelsOf(run, box) : undefined)) }
}

const plain = ({ method, points, steps }: Run): PortableRun => ({ method, points, steps })

export const portable = (recording: Recording): PortableRecording => {
  const { control, moments, more, recalled, runs, statement } = recording
  const { compared, instance, margin, reason } = recalled
  return {
    id: statement.id,
    control,
    instance: Instance.lines(instance),
    margin,
    compared:
      compared === undefined
        ? ""
        : `${Instance.unitOf(compared)}: ${Instance.comparison(compared)}`,
    outcome:
      reason === undefined
        ? Outcome.of(statement, control, isViolated(margin)).outcome
        : `the trial broke here: ${reason}`,
    runs: runs.map(plain),
    plane: planeIn(runs),
    moments,
    more,
  }
}

/** Question to the worker, and its answer. */
export interface Question {
  readonly replay: string
}
export type Answer = { readonly recording: PortableRecording } | { readonly fault: string }

export const answer = (
  replay: (token: string) => Recording,
  { replay: token }: Question,
): Answer => {
  try {
    return { recording: portable(replay(token)) }
  } catch (cause) {
    return { fault: cause instanceof Error ? cause.message : String(cause) }
  }
}
