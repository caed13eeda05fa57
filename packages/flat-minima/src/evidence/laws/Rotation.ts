import { claim, Kind } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Draws } from "../../perturbation/Draws.ts"
import { derived } from "../support/Paper.ts"
import { close, conjugate, instances, pathEnd, settingOf } from "../support/Paths.ts"
import { flatMinima } from "../support/Subject.ts"

export const rotation = claim({
  id: "flat-minima/rotation",
  statement: "Both algorithms commute with rotations if the random directions are rotated too.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("invariance under rotations")),
  subject: flatMinima,
  instances,
  value: true,
  margin: ({ instance, subject, value: rotatesDraws }) => {
    const setting = settingOf(instance)
    const n = instance.dimension
    const q = Orthogonal.haar(n, RandomStream.make(Seed.root(instance.seed).child("rotation")))
    const rotate = (v: Float64Array, out: Float64Array) => {
      for (let i = 0; i < n; i++) out[i] = Vector.dot(q.subarray(i * n, (i + 1) * n), v)
    }
    const rotateBack = (v: Float64Array, out: Float64Array) => {
      out.fill(0)
      for (let i = 0; i < n; i++) Vector.axpy(v[i]!, q.subarray(i * n, (i + 1) * n), out)
    }
    const work = new Float64Array(n)
    const inPlace = (v: Float64Array) => {
      work.set(v)
      rotate(work, v)
    }
    const expected = pathEnd(subject, instance.kind, setting)
    const start = setting.start.slice()
    inPlace(start)
    const { draws } = setting.options
    const rotatedDraws: Draws = {
      ...draws,
      fillSphere: (place, out) => {
        draws.fillSphere(place, out)
        inPlace(out)
      },
    }
    const actual = pathEnd(subject, instance.kind, {
      ...setting,
      start,
      model: conjugate(setting.model, 1, rotateBack, inPlace),
      options: rotatesDraws ? { ...setting.options, draws: rotatedDraws } : setting.options,
    })
    inPlace(expected)
    return close(expected, actual)
  },
  controls: [{ name: "directions that are not rotated", value: false }],
})
