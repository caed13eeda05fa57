/** Every way to take steps of moving eigenvalues, to be stopped and resumed. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import type * as Resumption from "@nonconvex/problems/Resumption"
import * as DysonBrownianMotion from "../../src/eigenvalues/DysonBrownianMotion.ts"
import * as EigenvalueGaps from "../../src/eigenvalues/EigenvalueGaps.ts"

const start = Float64Array.of(2, 1, 1, 0)

export const cases: ReadonlyArray<Resumption.Case> = ([1, 2] as const).flatMap((beta) => [
  {
    name: `implicit Euler, beta ${beta}`,
    begin: () => {
      const flow = DysonBrownianMotion.make(start, { beta, timeStep: 0.1 })
      const stream = RandomStream.make(Seed.root(1))
      const normals = new Float64Array(start.length)
      return {
        state: { flow, stream },
        step: () => {
          stream.fillNormal(normals)
          DysonBrownianMotion.step(flow, normals)
        },
      }
    },
  },
  {
    name: `matrix, beta ${beta}`,
    begin: () => {
      const motion = EigenvalueGaps.matrixMotion(start, beta)
      const stream = RandomStream.make(Seed.root(1))
      return { state: { motion, stream }, step: () => EigenvalueGaps.move(motion, 0.1, stream) }
    },
  },
])
