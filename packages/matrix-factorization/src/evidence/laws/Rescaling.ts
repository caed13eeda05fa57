/** Equal sharpness of all layers by rescaling. */
import { law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Factorisation } from "../../index.ts"
import { distance, expand, instances, spread, total } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"
import { mapLayers } from "../support/Transformations.ts"

export const rescaling = law({
  id: "matrix-factorization/rescaling",
  statement:
    "Factors c_j^2 = T_j / (T_1 ... T_L)^(1/L) keep the product, make all T_j equal and their sum L (T_1 ... T_L)^(1/L), for any measurements.",
  source: derived("the best factor for each layer"),
  instances: instances(),
  margin: (subject: Subject, instance, { kernels }) => {
    const { measurements, shape, widths, x } = expand(instance, kernels)
    const before = subject.layerSharpness(measurements, widths, x)
    const flat = subject.rescale(measurements, widths, x)
    const after = subject.layerSharpness(measurements, widths, flat)
    const geometric = Math.exp(total(before.map(Math.log)) / shape.depth)
    return Margin.all(
      Margin.atMost(
        distance(
          Factorisation.endToEnd(shape, flat, kernels),
          Factorisation.endToEnd(shape, x, kernels),
        ),
        1e-11,
      ),
      Margin.atMost(spread(after), 1e-11),
      Margin.atMost(total(after), total(before), 1e-12),
      // what factors with product 1 leave alone
      Margin.equal(total(after), shape.depth * geometric, { relative: 1e-11 }),
    )
  },
  controls: [
    {
      name: "every factor the other way",
      subject: (subject) => ({
        ...subject,
        rescale: (measurements, widths, x) => {
          const shape = Factorisation.shape(widths)
          const flat = Factorisation.layers(shape, subject.rescale(measurements, widths, x))
          return mapLayers(shape, x, (part, j) => {
            const size = Vector.norm(flat[j - 1]!)
            return part.map((value) => (value * Vector.norm(part)) / size)
          })
        },
      }),
    },
  ],
})
