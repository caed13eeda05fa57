import { claim, Kind, Margin } from "@nonconvex/evidence"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Activation from "../../network/Activation.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems } from "../support/RandomNetwork.ts"

export const squaresAreEquallyFlat = claim({
  id: "label-noise/squares-are-equally-flat",
  statement:
    "With the activation z^2 / 2 and data of norm 1 all interpolating networks have sharpness 2 sum y, and label noise does not drift.",
  inFloatingPoint: "run",
  source: Kind.identity(derived("control: slope without a sign")),
  instances: problems(),
  value: Activation.square,
  margin: ({ instance: { problem }, kernels, value: activation }) => {
    const { network, theta } = expand(problem, { kernels }, activation)
    const { gradientNorm, sharpness } = new Geometry(network).atParameters(theta)
    const sum = network.labels.reduce((total, y) => total + y, 0)
    return Margin.all(
      Margin.equal(gradientNorm, 0, { absolute: 1e-9 * sharpness }),
      Margin.equal(sharpness, 2 * sum, { relative: 1e-12 }),
    )
  },
  controls: [{ name: "an activation of the theory", value: undefined }],
})
