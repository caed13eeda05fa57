/** Methods that go their ways in the plane, from one start. */
import { significant } from "@nonconvex/numerics/Decimal"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"
import type { Box, Colour, Plot } from "./Plot.ts"
import type { Point } from "./Point.ts"
import type { Playing } from "./Toy.ts"

export interface Walker {
  readonly name: string
  readonly colour: Colour
  readonly method: Method<SharpnessAwareState>
  /** Objective of the descent; default the objective of the plane. */
  readonly objectiveOf?: () => Objective
}

export interface Plane {
  readonly objective: Objective
  readonly box: Box
  readonly start: Point
  readonly walkers: ReadonlyArray<Walker>
  readonly xTitle: string
  readonly yTitle: string
  /** Steps that a frame shows, and those after which all rest. */
  readonly perFrame: number
  readonly longest: number
  /** Draws on top of the paths. */
  readonly beside?: (drawing: ReturnType<Plot["axes"]>) => void
  /** Note on the end points, shown next to them. */
  readonly note: string
}

/** Farther than this from all that is drawn nothing comes back. */
const lost = 1e4

/** A way keeps at most so many points: a longer one loses every second. */
const mostPoints = 2000

/** Each walker with its way; a step of all of them is a frame's part. */
export const playing = (plane: Plane): Playing => {
  const { beside, box, longest, note, objective, perFrame, start, walkers } = plane
  const going = walkers.map(({ colour, method, name, objectiveOf }) => ({
    colour,
    name,
    objectiveOf,
    method,
    state: method.init(objective, Float64Array.of(...start)),
    way: [start] as Array<Point>,
    every: 1,
    divergedAt: undefined as number | undefined,
  }))
  let steps = 0
  const scratch = new Float64Array(2)
  /** A decade of the loss is a tenth of it. */
  const shade = (x: number, y: number) => {
    const loss = objective.valueAndGradient(Float64Array.of(x, y), scratch)
    return 0.6 + 0.1 * Elementary.log10(Math.max(1e-12, loss))
  }
  const advance = (): boolean => {
    for (let k = 0; k < perFrame && steps < longest; k++) {
      steps++
      for (const each of going) {
        if (each.divergedAt !== undefined) continue
        if (each.objectiveOf !== undefined)
          Object.assign(each.state, { objective: each.objectiveOf() })
        each.method.step(each.state)
        const [x, y] = each.state.point as unknown as Point
        if (!(Math.abs(x) + Math.abs(y) < lost)) each.divergedAt = steps
        if (steps % each.every === 0) each.way.push([x, y])
        if (each.way.length > mostPoints) {
          each.way = each.way.filter((_, i) => i % 2 === 0)
          each.every *= 2
        }
      }
    }
    return steps < longest && going.some(({ divergedAt }) => divergedAt === undefined)
  }
  const ends = () =>
    going.map(({ divergedAt, name, state }) => {
      const [x, y] = state.point as unknown as Point
      return divergedAt === undefined
        ? `${name} at (${significant(x)}, ${significant(y)})`
        : `${name} diverged at step ${divergedAt}`
    })
  return {
    advance,
    start,
    tell: () => `${note} After ${steps} steps: ${ends().join("; ")}.`,
    draw: (plot) => {
      const drawing = plot.axes({ box, xTitle: plane.xTitle, yTitle: plane.yTitle })
      drawing.shade(shade)
      beside?.(drawing)
      for (const { colour, way } of going) {
        drawing.line(way, colour)
        drawing.dot(way.at(-1)!, colour)
      }
      drawing.ring(start, "ink", 7)
      going.forEach(({ colour, name }, i) =>
        drawing.text([box.x[0] + (box.x[1] - box.x[0]) * (0.02 + 0.2 * i), box.y[1]], name, colour),
      )
    },
  }
}
