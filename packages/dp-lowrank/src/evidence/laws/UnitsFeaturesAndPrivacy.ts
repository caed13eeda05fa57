/** How much noise there is: with the units of the rows, with features that are 0, and with more privacy. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { derived } from "../support/Paper.ts"
import { type Calibrated, mutant, type Subject } from "../support/Subject.ts"

const withScale = (name: string, scale: (subject: Subject, options: Calibrated) => number) =>
  mutant(name, (subject) => ({ scale: (options) => scale(subject, options) }))

const calibrated = () =>
  Draw.record<Calibrated & { readonly factor: number }>({
    epsilon: Draw.logarithmic(1, 10),
    delta: Draw.oneOf(1e-6, 1e-9, 1e-3),
    neighbours: Draw.oneOf("replace", "add-remove"),
    bound: Draw.oneOf(1, 0.5, 4),
    dimension: Draw.integer(1, 30),
    factor: Draw.integer(2, 8),
  })

export const units = law({
  id: "dp-lowrank/units-of-the-rows",
  statement:
    "Rows and bound multiplied by a power of two c multiply the noise by c^2, bit for bit.",
  source: derived("homogeneity of the sensitivity"),
  instances: calibrated(),
  margin: ({ scale }: Subject, { factor, ...options }) => {
    const c = 2 ** factor
    return Margin.holds(scale({ ...options, bound: c * options.bound }) === c * c * scale(options))
  },
  controls: [
    withScale(
      "a sensitivity linear in the bound",
      ({ scale }, options) => options.bound * scale({ ...options, bound: 1 }),
    ),
  ],
})

export const padding = law({
  id: "dp-lowrank/zero-features-cost-nothing",
  statement:
    "Features that are 0 change the dimension and neither sensitivity nor scale, but for the rounding to the grid (1e-6).",
  source: derived("sensitivity does not depend on the dimension"),
  instances: calibrated(),
  margin: ({ scale }: Subject, { factor, ...options }) =>
    Margin.equal(scale({ ...options, dimension: factor * options.dimension }), scale(options), {
      relative: 1e-5,
    }),
  controls: [
    withScale(
      "a sensitivity by entries",
      ({ scale }, options) => Math.sqrt(options.dimension) * scale(options),
    ),
  ],
})

export const monotonicity = law({
  id: "dp-lowrank/more-privacy-more-noise",
  statement:
    "Smaller epsilon or delta takes more noise, and a replaced row sqrt 2 times that of one row more or less.",
  source: derived("monotonicity of the calibration"),
  instances: calibrated(),
  margin: ({ scale }: Subject, { factor, ...options }) => {
    const base = scale(options)
    return Margin.all(
      Margin.holds(scale({ ...options, epsilon: options.epsilon / factor }) > base),
      Margin.holds(scale({ ...options, delta: options.delta / factor }) > base),
      Margin.holds(
        scale({ ...options, neighbours: "replace" }) >=
          1.41 * scale({ ...options, neighbours: "add-remove" }),
      ),
    )
  },
  controls: [
    withScale("one delta for all", ({ scale }, options) => scale({ ...options, delta: 1e-6 })),
    withScale("one sensitivity for both relations", ({ scale }, options) =>
      scale({ ...options, neighbours: "replace" }),
    ),
  ],
})
