/** Images with a class each, in two IDX files, as one data set. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import { Effect, type FileSystem } from "effect"
import type { Classification, Dataset } from "./Dataset.ts"
import * as Idx from "./Idx.ts"
import { CountMismatch, LabelOutOfRange, type LabelledImagesError } from "./IdxError.ts"

/** Grey images of `height x width` bytes, and the class number of each. */
interface LabelledImages {
  readonly height: number
  readonly width: number
  /** Row by row, image by image. */
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** Reads and matches both files. */
export const read = Effect.fn("LabelledImages.read")(function* (options: {
  readonly imagesPath: string
  readonly labelsPath: string
  /** Number of classes: labels are 0 to `classes - 1`. */
  readonly classes: number
}): Effect.fn.Return<LabelledImages, LabelledImagesError, FileSystem.FileSystem> {
  const { imagesPath, labelsPath, classes } = options
  const images = yield* Idx.read(imagesPath, { dimensions: 3 })
  const { data: labels } = yield* Idx.read(labelsPath, { dimensions: 1 })
  const count = images.sizes[0]!
  if (count !== labels.length) {
    return yield* new CountMismatch({
      imagesPath,
      labelsPath,
      images: count,
      labels: labels.length,
    })
  }
  const index = labels.findIndex((label) => label >= classes)
  if (index >= 0) {
    return yield* new LabelOutOfRange({ path: labelsPath, index, label: labels[index]!, classes })
  }
  return { height: images.sizes[1]!, width: images.sizes[2]!, pixels: images.data, labels }
})

/**
 * One row per image and one feature per pixel (`pixel-row-column`, 0-based), with the values of the file. The classes of the
 * data set are `classes`, the class numbers kept, in this order. Throws InvalidInput on an image of another class.
 */
export const toDataset = (
  { height, width, pixels, labels }: LabelledImages,
  options: {
    readonly name: string
    readonly classes: ReadonlyArray<number>
    /** The names of all classes of the file, by class number. */
    readonly classNames: ReadonlyArray<string>
    readonly provenance: Dataset["provenance"]
  },
): Dataset<Classification> => {
  const { name, classes, classNames, provenance } = options
  const stranger = labels.findIndex((label) => !classes.includes(label))
  if (stranger >= 0) {
    invalid("LabelledImages.toDataset", "classes must hold the class of every image", {
      image: stranger,
      class: labels[stranger]!,
    })
  }
  return {
    name,
    features: Float64Array.from(pixels),
    samples: labels.length,
    dimension: height * width,
    featureNames: Array.from(
      { length: height * width },
      (_, j) => `pixel-${Math.floor(j / width)}-${j % width}`,
    ),
    target: {
      _tag: "Classification",
      labels: Int32Array.from(labels, (label) => classes.indexOf(label)),
      classes: classes.map((c) => classNames[c]!),
    },
    provenance,
  }
}

/**
 * Grey images: each pixel is the mean of its colours, stored as in `Cifar10`. Throws InvalidInput unless there are three features per
 * pixel.
 */
export const grey = <Images extends Pick<Dataset, "dimension" | "features" | "samples">>(
  images: Images,
): Images => {
  const colours = 3
  const pixels = images.dimension / colours
  Require.count("LabelledImages.grey", "pixels", pixels)
  const features = new Float64Array(images.samples * pixels)
  images.features.forEach((value, at) => {
    features[Math.floor(at / colours)]! += value / colours
  })
  return { ...images, dimension: pixels, features }
}

/**
 * The means of 2 x 2 pixels of square images, image by image: a quarter of the features. Throws InvalidInput unless the side is even
 * and the images are square.
 */
export const halved = ({
  dimension,
  features,
  samples,
}: Pick<Dataset, "dimension" | "features" | "samples">): Float64Array => {
  const side = Math.sqrt(dimension)
  const half = side / 2
  Require.count("LabelledImages.halved", "half of the side", half)
  const out = new Float64Array(samples * half * half)
  for (let s = 0, at = 0; s < samples; s++) {
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++, at++) {
        out[(s * half + (i >> 1)) * half + (j >> 1)]! += features[at]! / 4
      }
    }
  }
  return out
}
