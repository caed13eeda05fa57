/** Images of Fashion-MNIST, read from a folder of its four IDX files. */
import { Effect, FileSystem, Path, Schema } from "effect"
import type { Classification, Dataset } from "../Dataset.ts"
import type { LabelledImagesError } from "../IdxError.ts"
import * as LabelledImages from "../LabelledImages.ts"
import type { TrainTest } from "../Split.ts"
import { select } from "./SelectedImages.ts"

/** Class names by number, as given by the authors. */
export const classNames: ReadonlyArray<string> = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
]

export const provenance: Dataset["provenance"] = {
  source: "https://github.com/zalandoresearch/fashion-mnist",
  licence: "MIT",
  notice: "Fashion-MNIST, Copyright (c) 2017 Zalando SE, MIT licence",
}

/** Folder of the files of Debian's package `dataset-fashion-mnist`. */
export const debianFolder = "/usr/share/datasets/fashion-mnist"

/** The environment variable that names the folder of the four files. */
export const folderVariable = "NONCONVEX_FASHION_MNIST"

/** The folder does not hold the files. */
export class FashionMnistNotFound extends Schema.TaggedError<FashionMnistNotFound>()(
  "FashionMnistNotFound",
  { folder: Schema.String, file: Schema.String },
) {
  override get message(): string {
    return (
      `${this.folder}: no ${this.file} nor ${this.file}.gz; set ${folderVariable} to the folder ` +
      "of the Fashion-MNIST files, or install Debian's package dataset-fashion-mnist"
    )
  }
}

/** The classes by number, as in the label files. */
export type ClassNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

const allClasses: ReadonlyArray<ClassNumber> = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

export interface ReadOptions {
  /** Class numbers to keep, in the order of the class indices. Default all ten. */
  readonly classes?: ReadonlyArray<ClassNumber>
  /** Number of training images of each class, the first ones; default all. */
  readonly trainPerClass?: number
  /** Number of test images of each class, the first ones; default all. */
  readonly testPerClass?: number
  readonly name?: string
}

export type ReadError = FashionMnistNotFound | LabelledImagesError

/**
 * The training and test images selected from the files in `folder`, plain or with `.gz`, pixels 0
 * to 255.
 *
 * The selection is made on bytes, before the float64 matrix, which is eight times as large. All of it is 376 MB of training
 * features and 63 MB of test features.
 */
export const readFolder = Effect.fn("FashionMnist.readFolder")(function* (
  folder: string,
  options: ReadOptions = {},
): Effect.fn.Return<TrainTest<Classification>, ReadError, FileSystem.FileSystem | Path.Path> {
  const { name = "fashion-mnist-full", classes = allClasses } = options
  const part = Effect.fnUntraced(function* (prefix: "train" | "t10k", perClass?: number) {
    const images = yield* LabelledImages.read({
      imagesPath: yield* locate(folder, `${prefix}-images-idx3-ubyte`),
      labelsPath: yield* locate(folder, `${prefix}-labels-idx1-ubyte`),
      classes: classNames.length,
    })
    const selection = perClass === undefined ? { classes } : { classes, perClass }
    return LabelledImages.toDataset(select(images, selection), {
      name,
      classes,
      classNames,
      provenance,
    })
  })
  return {
    train: yield* part("train", options.trainPerClass),
    test: yield* part("t10k", options.testPerClass),
  }
})

/** Path of `file.gz`, or of `file` if the folder has no compressed one. */
export const locate = Effect.fnUntraced(function* (folder: string, file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const name of [`${file}.gz`, file]) {
    const candidate = path.join(folder, name)
    if (yield* fs.exists(candidate).pipe(Effect.orElseSucceed(() => false))) return candidate
  }
  return yield* new FashionMnistNotFound({ folder, file })
})
