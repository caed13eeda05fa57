/** Spherical designs of degree 5: points with the same mean of such polynomials as the whole sphere, from roots of lattices. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"

const golden = (1 + Math.sqrt(5)) / 2

const signs = [1, -1] as const

const unit = (...point: ReadonlyArray<number>): Float64Array => {
  const length = Vector.norm(Float64Array.from(point))
  return Float64Array.from(point, (value) => value / length)
}

const hexagon = Array.from({ length: 6 }, (_, k) =>
  unit(Elementary.cos((Math.PI * k) / 3), Elementary.sin((Math.PI * k) / 3)),
)

const icosahedron = signs.flatMap((a) =>
  signs.flatMap((b) => [unit(0, a, b * golden), unit(a, b * golden, 0), unit(b * golden, 0, a)]),
)

const pairs = [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].filter((j) => j > i).map((j) => [i, j]))

const cell24 = pairs.flatMap(([i, j]) =>
  signs.flatMap((a) =>
    signs.map((b) => unit(...[0, 1, 2, 3].map((k) => (k === i ? a : k === j ? b : 0)))),
  ),
)

/** Dimensions with a design here. */
export const dimensions = [2, 3, 4] as const

/** The design of a dimension. */
export const designs: Readonly<Record<(typeof dimensions)[number], ReadonlyArray<Float64Array>>> = {
  2: hexagon,
  3: icosahedron,
  4: cell24,
}
