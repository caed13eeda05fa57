import { assert, describe, it } from "vitest"
import * as Link from "../src/Link.ts"
import { logCosh as logCoshLink } from "../src/internal/LogCoshLink.ts"

/** A value and two derivatives at s, from 50-digit arithmetic. */
const golden = [
  { link: Link.sqrt1p, s: 0, expected: [1, 0, 1] },
  { link: Link.sqrt1p, s: 1, expected: [Math.SQRT2, Math.SQRT1_2, 0.3535533905932738] },
  { link: Link.sqrt1p, s: -1e-9, expected: [1, -1e-9, 1] },
  { link: Link.sqrt1p, s: 1e200, expected: [1e200, 1, 0] },
  { link: logCoshLink, s: 0, expected: [0, 0, 1] },
  {
    link: logCoshLink,
    s: 0.5,
    expected: [0.12011450695827752, 0.46211715726000974, 0.7864477329659274],
  },
  {
    link: logCoshLink,
    s: -2,
    expected: [1.3250027473578645, -0.9640275800758169, 0.07065082485316447],
  },
  { link: logCoshLink, s: 1e-9, expected: [5e-19, 1e-9, 1] },
  { link: logCoshLink, s: 100, expected: [99.30685281944005, 1, 5.53558610694695e-87] },
  { link: logCoshLink, s: -1e300, expected: [1e300, -1, 0] },
]

describe("links", () => {
  it.each(golden)("$link.name at $s", ({ expected, link, s }) => {
    const found = [link.value(s), link.derivative(s), link.secondDerivative(s)]
    for (const [k, value] of found.entries()) {
      assert.isAtMost(Math.abs(value - expected[k]!), 4e-16 * Math.abs(expected[k]!))
    }
  })

  it.each([Link.sqrt1p, logCoshLink])("$name has no seam where its formula changes", (link) => {
    for (const seam of [1, 2 ** 28]) {
      const below = seam * (1 - Number.EPSILON / 2)
      for (const f of [link.value, link.derivative]) {
        assert.isAtMost(Math.abs(f(seam) - f(below)), 4e-16 * Math.abs(f(seam)))
      }
    }
  })

  it.each([Link.sqrt1p, logCoshLink])(
    "$name is even, convex, and steeper than 1 nowhere",
    (link) => {
      assert.strictEqual(link.value(0), link.minimum)
      for (let s = -50; s <= 50; s += 0.25) {
        assert.strictEqual(link.value(s), link.value(-s))
        assert.isAtMost(Math.abs(link.derivative(s)), 1)
        assert.isAtLeast(link.secondDerivative(s), 0)
      }
    },
  )
})
