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
    "Data c times as large, with neurons c times as small, have c^2 times the sharpness and c^4 times the velocity of pre-activations.",
  inFloatingPoint: "agreement",
  source,
  subject: ours,
  instances,
  value: powerLaw(2, 4),
  margin: scales(enlargedData),
  controls: [{ name: "c^2 times the velocity", value: powerLaw(2, 2) }],
})
