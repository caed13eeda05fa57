import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { warmStart } from "../../descent/WarmStart.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { correctionAt, differencedTrace } from "../support/DifferencedTrace.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems, randomDirection } from "../support/RandomNetwork.ts"

export const traceAtMinimum = claim({
  id: "label-noise/trace-at-minimum",
  statement:
    "After gradient descent without noise has fitted the labels, the trace of the Hessian is kappa / n times the sharpness.",
  inFloatingPoint: "limit",
  source: Kind.identity(derived("trace of the Hessian on the minima")),
  instances: problems(),
  value: (network: TwoLayer, start: Float64Array) => warmStart(network, start),
  margin: ({ instance: { problem }, kernels, value: arrive }) => {
    const expanded = expand(problem, { kernels })
    const { network, theta } = expanded
    const direction = randomDirection(expanded)
    const start = theta.map((value, k) => value + 0.1 * direction[k]!)
    const found = arrive(network, start)
    const geometry = new Geometry(network).atParameters(found)
    const scale = geometry.sharpness + Vector.maxAbs(network.labels) * Vector.maxAbs(geometry.q)
    const traces = (["half", "mean"] as const).map((convention) =>
      Margin.equal(
        differencedTrace(network, found, convention),
        Theory.hessianTrace(convention, geometry.sharpness, network.size),
        { absolute: 1e-6 * scale },
      ),
    )
    return Margin.all(
      Margin.equal(correctionAt(network, geometry, found), 0, { absolute: 1e-10 * scale }),
      ...traces,
    )
  },
  controls: [{ name: "before the descent", value: (_, start) => start }],
})
