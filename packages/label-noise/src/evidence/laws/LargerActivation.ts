import { claim, Kind } from "@nonconvex/evidence"
import { derived } from "../support/Paper.ts"
import { type Image, instances, powerLaw, scales } from "../support/SharpnessRelation.ts"
import { ours } from "../support/Subject.ts"
import { multiplied } from "../support/Transformations.ts"

const enlargedActivation: Image = ({ network, theta }, factor) => {
  const activation = multiplied(network.activation, factor)
  return { network: { ...network, activation }, theta }
}

const source = Kind.identity(derived("scaling of the sharpness"))

export const largerActivation = claim({
  id: "label-noise/larger-activation",
  statement:
    "Multiplying the activation by a multiplies sharpness and velocity by a^2, and the multipliers by a.",
  inFloatingPoint: "agreement",
  source,
  subject: ours,
  instances,
  value: powerLaw(1, 2),
  margin: scales(enlargedActivation),
  controls: [{ name: "a times the velocity", value: powerLaw(1, 1) }],
})
