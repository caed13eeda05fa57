/**
 * CIFAR-10 from the six files of its binary version. It has 50,000 training and 10,000 test images of 32 x 32 pixels in
 * three colours, in ten classes. A file consists of records of 3,073 bytes: the class, then the red, green and blue values
 * of all pixels, row by row.
 *
 * Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009, and the page of the data set, section "Binary
 * version".
 */
import { Effect, FileSystem, Path } from "effect"
import type { Classification, Dataset } from "./Dataset.ts"
import { fromPlatformError, readBytes } from "./FileError.ts"
import { LabelOutOfRange } from "./IdxError.ts"
import type { TrainTest } from "./Split.ts"
import {
  NotCifar10,
  channels,
  mostRecords,
  pixels,
  provenance,
  record,
  side,
  type ReadError,
} from "./internal/Cifar10Record.ts"

/** Class names by number, as given by the authors. */
export const classNames: ReadonlyArray<string> = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
]

const files = {
  train: [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`),
  test: ["test_batch.bin"],
} as const

const requireRecords = (path: string, bytes: number): Effect.Effect<void, NotCifar10> =>
  bytes > 0 && bytes % record === 0 && bytes <= mostRecords * record
    ? Effect.void
    : Effect.fail(new NotCifar10({ path, bytes }))

/** Bytes of one file; a file that is too long is not read. */
const recordsOf = Effect.fnUntraced(function* (
  path: string,
): Effect.fn.Return<Uint8Array, ReadError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const { size } = yield* Effect.mapError(fs.stat(path), fromPlatformError(path))
  yield* requireRecords(path, Number(size))
  const bytes = yield* readBytes(path, mostRecords * record)
  yield* requireRecords(path, bytes.length)
  for (let at = 0; at < bytes.length; at += record) {
    const label = bytes[at]!
    if (label >= classNames.length) {
      const index = at / record
      return yield* new LabelOutOfRange({ path, index, label, classes: classNames.length })
    }
  }
  return bytes
})

/** Selects the first `perClass` records of each class, over the files in their order. */
const select = (parts: ReadonlyArray<Uint8Array>, perClass: number): ReadonlyArray<Uint8Array> => {
  const taken = new Uint32Array(classNames.length)
  return parts.flatMap((bytes) =>
    Array.from({ length: bytes.length / record }, (_, at) =>
      bytes.subarray(at * record, (at + 1) * record),
    ).filter(([label]) => taken[label!]!++ < perClass),
  )
}

const toDataset = (name: string, records: ReadonlyArray<Uint8Array>): Dataset<Classification> => {
  const dimension = channels * pixels
  const features = new Float64Array(records.length * dimension)
  for (const [sample, bytes] of records.entries()) {
    for (let pixel = 0, at = sample * dimension; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++, at++) {
        features[at] = bytes[1 + channel * pixels + pixel]!
      }
    }
  }
  return {
    name,
    features,
    samples: records.length,
    dimension,
    featureNames: Array.from({ length: dimension }, (_, j) => {
      const pixel = Math.floor(j / channels)
      return `pixel-${Math.floor(pixel / side)}-${pixel % side}-${j % channels}`
    }),
    target: {
      _tag: "Classification",
      labels: Int32Array.from(records, ([label]) => label!),
      classes: classNames,
    },
    provenance,
  }
}

/**
 * Training and test images of the files in `folder`. Each row is an image, pixel by pixel with red, green and blue together, from
 * 0 to 255.
 *
 * The selection is made on bytes, before conversion to float64, which takes eight times the memory: the full training set
 * takes 1.2 GB.
 */
export const readFolder = Effect.fn("Cifar10.readFolder")(function* (
  folder: string,
  options: {
    /** Number of training images of each class, the first ones; default all. */
    readonly trainPerClass?: number
    /** Number of test images of each class, the first ones; default all. */
    readonly testPerClass?: number
    readonly name?: string
  } = {},
): Effect.fn.Return<TrainTest<Classification>, ReadError, FileSystem.FileSystem | Path.Path> {
  const { name = "cifar-10" } = options
  const path = yield* Path.Path
  const part = (of: ReadonlyArray<string>, perClass = Number.POSITIVE_INFINITY) =>
    Effect.map(
      Effect.forEach(of, (file) => recordsOf(path.join(folder, file))),
      (parts) => toDataset(name, select(parts, perClass)),
    )
  return {
    train: yield* part(files.train, options.trainPerClass),
    test: yield* part(files.test, options.testPerClass),
  }
})

const isThere = Effect.fnUntraced(function* (folder: string, file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* Effect.orElseSucceed(fs.exists(path.join(folder, file)), () => false)
})

/** Tests whether the folder is one of CIFAR-10, by its first file. */
export const isFolder = (folder: string) => isThere(folder, files.train[0]!)

/** First missing file of the set in a folder; undefined if all six are present. */
export const lackingIn = Effect.fnUntraced(function* (folder: string) {
  for (const file of [...files.train, ...files.test]) {
    if (!(yield* isThere(folder, file))) return file
  }
  return undefined
})
