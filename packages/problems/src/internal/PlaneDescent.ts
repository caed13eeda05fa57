/** Runs of descent on two objectives of the plane, with compiled loops. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type { Descend } from "./Descend.ts"
import { loop } from "./PlaneDescent.kernel.generated.ts"

const ascents = ["none", "normalised", "unnormalised"] as const

/** Runs that are interleaved, coordinate by coordinate. */
const widths = { product: 2, valley: 1 } as const

/** Numbers stored before the points. */
const head = 8

/** Runs on `(x y - target)^2 / 2` ("product", target) or on `(base + amplitude sin x) y^2 / 2` ("valley", base, amplitude). */
export const planeDescent =
  (name: keyof typeof widths, ...ofObjective: ReadonlyArray<number>): Descend =>
  (points, { ascent, radius, rate }, steps, { arena, load } = Kernels.standard()) => {
    const run = load?.(loop)[name]
    if (run === undefined) return 0
    const width = widths[name]
    const groups = Math.ceil(points.length / width)
    const placeOf = (r: number): number => head + 2 * (r - (r % width)) + (r % width)
    const memory = arena.f64(head + 6 * width * groups)
    try {
      memory.set([rate, radius, ...ofObjective])
      // the last point stands in for the one that an odd number lacks
      for (let r = 0; r < width * groups; r++) {
        const point = points[r] ?? points[r - 1]!
        const at = placeOf(r)
        memory[at] = point[0]!
        memory[at + width] = point[1]!
      }
      const at = memory.byteOffset
      const taken = run(ascents.indexOf(ascent), steps, groups, at, at + 8 * head)
      if (taken > 0)
        for (let r = 0; r < points.length; r++) {
          points[r]![0] = memory[placeOf(r)]!
          points[r]![1] = memory[placeOf(r) + width]!
        }
      return taken
    } finally {
      arena.release(memory)
    }
  }
