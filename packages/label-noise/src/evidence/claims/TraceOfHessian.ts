import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { correctionAt, differencedTrace } from "../support/DifferencedTrace.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"

export const traceOfHessian = claim({
  id: "label-noise/trace-of-hessian",
  statement:
    "The trace of the Hessian of the loss is kappa / n times the sharpness plus sum_i r_i |x_i|^2 sum_j phi''(z_ij), at every point.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("trace of the Hessian")),
  instances: Draw.record({
    problem: randomNetwork(),
    convention: Draw.oneOf("half", "mean"),
    /** Size of the residuals, relative to `1 + max |y|`. */
    misfit: Draw.logarithmic(1, 0.01),
  }),
  value: Theory.hessianTraceOff,
  margin: ({ instance: { convention, misfit, problem }, kernels, value: formula }) => {
    const { network, stream, theta } = expand(problem, { kernels })
    const scale = misfit * (1 + Vector.maxAbs(network.labels))
    const noise = stream("labels")
    const off = { ...network, labels: network.labels.map((y) => y + scale * noise.normal()) }
    const geometry = new Geometry(off).atParameters(theta)
    const correction = correctionAt(off, geometry, theta)
    const size = geometry.sharpness + Math.abs(correction)
    return Margin.equal(
      differencedTrace(off, theta, convention),
      formula(convention, geometry.sharpness, correction, off.size),
      { absolute: 1e-6 * size },
    )
  },
  controls: [
    {
      name: "the other convention",
      value: (convention, ...rest) =>
        Theory.hessianTraceOff(convention === "half" ? "mean" : "half", ...rest),
    },
    {
      name: "without the residuals",
      value: (convention, sharpness, _, n) => Theory.hessianTrace(convention, sharpness, n),
    },
  ],
})
