import * as Constants from "./Constants.ts"
import type { Described } from "./Objective.ts"
import type { Link } from "./Link.ts"

/**
 * `l(x y)`: a linear neuron with one hidden unit (Ahn, Bubeck, Chewi, Lee, Suarez, Zhang 2023); its minima are the two axes.
 */
export const linearNeuron = (link: Link): Described => ({
  name: `linear neuron, ${link.name}`,
  dimension: 2,
  constants: { minimum: Constants.exact(link.minimum, "l(0), attained on both axes") },
  valueAndGradient: (point, gradient) => {
    const x = point[0]!
    const y = point[1]!
    const slope = link.derivative(x * y)
    gradient[0] = slope * y
    gradient[1] = slope * x
    return link.value(x * y)
  },
  hessianVector: (point, v, out) => {
    const x = point[0]!
    const y = point[1]!
    const first = v[0]!
    const second = v[1]!
    const bend = link.secondDerivative(x * y)
    const mixed = bend * x * y + link.derivative(x * y)
    out[0] = bend * y * y * first + mixed * second
    out[1] = mixed * first + bend * x * x * second
  },
})
