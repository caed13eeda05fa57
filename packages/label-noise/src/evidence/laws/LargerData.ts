import { claim, Kind } from "@nonconvex/evidence"
import { twoLayer } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import { type Image, instances, powerLaw, scales, times } from "../support/SharpnessRelation.ts"
import { ours } from "../support/Subject.ts"

const enlargedData: Image = ({ network, theta }, factor) => {
  const features = times(factor, network.features)
  return { network: twoLayer({ ...network, features }), theta: times(1 / factor, theta) }
}

const source = Kind.identity(derived("scaling of the sharpness"))

export const largerData = claim({
  id: "label-noise/larger-data",
  statement:
    "Multiplying the data by c and dividing the neurons by c multiplies the sharpness by c^2 and the velocity of the pre-activations by c^4.",
  inFloatingPoint: "agreement",
  source,
  subject: ours,
  instances,
  value: powerLaw(2, 4),
  margin: scales(enlargedData),
  controls: [{ name: "c^2 times the velocity", value: powerLaw(2, 2) }],
})
