import type * as Dataset from "@nonconvex/datasets/Dataset"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import { Effect } from "effect"
import { scatterOf } from "../../audit/AuditSubject.ts"
import * as Public from "../../privacy/Public.ts"

/** Available images: 28 pixels wide, or 32 and in colour. */
export const imageSets = ["fashion-mnist", "cifar-10"] as const

type ImageSet = (typeof imageSets)[number]

const width = 28

/** Means of squares of the middle 28 x 28 pixels, from 0 to 1. */
export const images = (
  name: ImageSet,
  { dimension, features, samples }: Dataset.Dataset,
  pooling: number,
) => {
  const side = width / pooling
  const whole = Math.sqrt(dimension)
  const margin = (whole - width) / 2
  const rows = new Float64Array(samples * side * side)
  for (let at = 0; at < samples * width * width; at++) {
    const [s, pixel] = [Math.floor(at / (width * width)), at % (width * width)]
    const [i, j] = [Math.floor(pixel / width), pixel % width]
    const to = s * side * side + Math.floor(i / pooling) * side + Math.floor(j / pooling)
    const from = s * dimension + (margin + i) * whole + margin + j
    rows[to]! += features[from]! / (255 * pooling * pooling)
  }
  // a third of the largest norm there can be
  return { name, dimension: side * side, rows, bound: Public.bound(side / 3) }
}

/** Typical sizes of radius, texture, perimeter, area, ... of cell nuclei, known independently of these patients. */
const sizes = [30, 40, 200, 2500, 0.2, 0.4, 0.5, 0.2, 0.4, 0.1]

/** The mean, the standard error and the worst of each, in units of its size. */
const measurements = ({ dimension, features }: Dataset.Dataset) => ({
  name: "breast-cancer",
  dimension,
  rows: features.map((x, at) => {
    const column = at % dimension
    return x / (sizes[column % 10]! * [1, 0.15, 1.3][Math.floor(column / 10)]!)
  }),
  bound: Public.bound(3),
})

export type Prepared = Omit<ReturnType<typeof images>, "name"> & {
  readonly name: string
  readonly matrix: Float64Array
}

/** The first 100 images of each class, in grey, and all of the table. */
export const prepared = Effect.fnUntraced(function* (
  pooling: number,
  name: ImageSet = "fashion-mnist",
) {
  const datasets = yield* Datasets
  const { train } = yield* datasets.load(name, { trainPerClass: 100, testPerClass: 1 })
  const pictures = name === "cifar-10" ? LabelledImages.grey(train) : train
  const cells = yield* datasets.load("breast-cancer")
  return [images(name, pictures, pooling), measurements(cells.train)].map((table): Prepared => ({
    ...table,
    matrix: scatterOf(table.rows, table.dimension),
  }))
})
