/** Catalogue of the data sets, with their readers. */
import * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Path, Schema, type FileSystem } from "effect"
import * as Cifar10 from "./Cifar10.ts"
import type { CsvError } from "./CsvError.ts"
import { type Classification, type Dataset, type Regression, type Target } from "./Dataset.ts"

import type { LabelledImagesError } from "./IdxError.ts"
import * as LabelledImages from "./LabelledImages.ts"
import { split, type InvalidSplit, type TrainTest } from "./Split.ts"
import * as FashionMnistImages from "./internal/FashionMnistImages.ts"
import * as Cifar10Record from "./internal/Cifar10Record.ts"
import { firstPerClass } from "./internal/FirstPerClass.ts"

/** Description that helps users to choose a data set. */
export interface Description {
  readonly name: string
  readonly title: string
  readonly task: "classification" | "regression"
  readonly trainSamples: number
  readonly testSamples: number
  readonly dimension: number
  /** The names by class index; none for regression. */
  readonly classes: ReadonlyArray<string>
  /** The range of the features if they have one in common, for `Transform.scale01`. */
  readonly range?: readonly [low: number, high: number]
  readonly provenance: Dataset["provenance"]
}

/** A known data set that is not bundled. */
export class NotShipped extends Schema.TaggedError<NotShipped>()("NotShipped", {
  name: Schema.String,
  files: Schema.String,
}) {
  override get message(): string {
    return `${this.name} is not bundled; name the folder of ${this.files} with --data`
  }
}

/** Shipped files that cannot be read: a broken installation, or a file system replaced. */
export type LoadError =
  | LabelledImagesError
  | CsvError
  | FashionMnistImages.FashionMnistNotFound
  | Cifar10Record.ReadError
  | NotShipped
  | InvalidSplit

/** Requested part of a data set. */
export interface Selection {
  /** Limit on the training rows of each class, or of all rows in a regression. Default all. */
  readonly trainPerClass?: number
  /** The same limit for the test rows. */
  readonly testPerClass?: number
}

interface Entry<T extends Target> {
  /** True if it is not bundled and no folder contains it. */
  readonly isAbsent?: true
  readonly description: Omit<Description, "name">
  /** Reads the set with this name; `folder` holds the bundled data. */
  readonly read: (
    folder: string,
    name: string,
    selection: Selection,
  ) => Effect.Effect<TrainTest<T>, LoadError, FileSystem.FileSystem | Path.Path>
}

/** Sets without a split of their own reserve a fifth for testing, the same on every machine. */
const withSplit =
  ({ testPerClass, trainPerClass }: Selection) =>
  <T extends Target, E, R>(
    whole: Effect.Effect<Dataset<T>, E, R>,
  ): Effect.Effect<TrainTest<T>, E | InvalidSplit, R> =>
    whole.pipe(
      Effect.flatMap((dataset) =>
        split(dataset, { testFraction: 0.2, seed: Seed.root("datasets").child(dataset.name) }),
      ),
      Effect.map(({ test, train }) => ({
        train: trainPerClass === undefined ? train : firstPerClass(train, trainPerClass),
        test: testPerClass === undefined ? test : firstPerClass(test, testPerClass),
      })),
    )

interface Fashion {
  readonly title: string
  readonly classes: ReadonlyArray<FashionMnistImages.ClassNumber>
  readonly trainSamples: number
  readonly testSamples: number
  /** Folder of the four files; default a folder of the shipped data with the name of the set. */
  readonly from?: string
}

const fashionMnist = ({ classes, from, ...rest }: Fashion): Entry<Classification> => {
  return {
    description: {
      ...rest,
      task: "classification",
      dimension: 784,
      classes: classes.map((c) => FashionMnistImages.classNames[c]!),
      range: [0, 255],
      provenance: FashionMnistImages.provenance,
    },
    read: Effect.fnUntraced(function* (folder, name, selection) {
      const path = yield* Path.Path
      const files = from ?? path.join(folder, name)
      return yield* FashionMnistImages.readFolder(files, { ...selection, classes, name })
    }),
  }
}

/** Set of one file that reserves a fifth for testing. */
const whole = <T extends Target>(
  description: Omit<Description, "name">,
  read: (
    folder: string,
    path: Path.Path,
    heading: Pick<Dataset, "name" | "provenance">,
  ) => Effect.Effect<Dataset<T>, LoadError, FileSystem.FileSystem | Path.Path>,
): Entry<T> => ({
  description,
  read: Effect.fnUntraced(function* (folder, name, selection) {
    const path = yield* Path.Path
    const { provenance } = description
    return yield* read(path.join(folder, "scikit-learn"), path, { name, provenance }).pipe(
      withSplit(selection),
    )
  }),
})

/** Reader of tables, loaded on demand: few threads need it, and it has more modules than everything else here. */
const csv = Effect.promise(() => import("./Csv.ts"))

const digitNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]

const digits = whole<Classification>(
  {
    title: "Handwritten digits, 8 x 8 pixels",
    task: "classification",
    trainSamples: 1438,
    testSamples: 359,
    dimension: 64,
    classes: digitNames,
    range: [0, 16],
    provenance: {
      source: "https://archive.ics.uci.edu/dataset/80 (test set), from scikit-learn 1.9.1",
      licence: "CC-BY-4.0",
      notice:
        "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak 1998, UCI Machine " +
        "Learning Repository, doi 10.24432/C50P49, CC BY 4.0",
    },
  },
  (folder, path, heading) =>
    LabelledImages.read({
      imagesPath: path.join(folder, "digits-images-idx3-ubyte.gz"),
      labelsPath: path.join(folder, "digits-labels-idx1-ubyte.gz"),
      classes: digitNames.length,
    }).pipe(
      Effect.map((images) =>
        LabelledImages.toDataset(images, {
          ...heading,
          classes: digitNames.map(Number),
          classNames: digitNames,
        }),
      ),
    ),
)

const breastCancer = whole<Classification>(
  {
    title: "Breast cancer, measurements of cell nuclei",
    task: "classification",
    trainSamples: 455,
    testSamples: 114,
    dimension: 30,
    classes: ["benign", "malignant"],
    provenance: {
      source: "https://archive.ics.uci.edu/dataset/17, from scikit-learn 1.9.1",
      licence: "CC-BY-4.0",
      notice:
        "Breast Cancer Wisconsin (Diagnostic), W. H. Wolberg, W. N. Street, O. L. Mangasarian 1995, " +
        "UCI Machine Learning Repository, doi 10.24432/C5DW2B, CC BY 4.0",
    },
  },
  (folder, path, heading) =>
    Effect.flatMap(csv, ({ labels, read }) =>
      read(path.join(folder, "breast-cancer.csv"), { ...heading, target: labels("diagnosis") }),
    ),
)

const diabetes = whole<Regression>(
  {
    title: "Diabetes progression in a year",
    task: "regression",
    trainSamples: 354,
    testSamples: 88,
    dimension: 10,
    classes: [],
    provenance: {
      source:
        "https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html, from scikit-learn 1.9.1 (raw values)",
      licence: "BSD-3-Clause",
      notice:
        "442 diabetes patients, B. Efron, T. Hastie, I. Johnstone, R. Tibshirani 2004; as distributed " +
        "with scikit-learn under BSD-3-Clause, Copyright (c) 2007-2026 The scikit-learn developers",
    },
  },
  (folder, path, heading) =>
    Effect.flatMap(csv, ({ read, values }) =>
      read(path.join(folder, "diabetes.csv"), { ...heading, target: values("progression") }),
    ),
)

/** CIFAR-10 from a folder, or from none. */
const cifar10 = (from: string | undefined): Entry<Classification> => ({
  ...(from === undefined ? { isAbsent: true } : {}),
  description: {
    title: from === undefined ? "CIFAR-10" : `CIFAR-10, all of it, from ${from}`,
    task: "classification",
    trainSamples: 50_000,
    testSamples: 10_000,
    dimension: 3072,
    classes: Cifar10.classNames,
    range: [0, 255],
    provenance: Cifar10Record.provenance,
  },
  read: (_, name, selection) =>
    from === undefined
      ? Effect.fail(new NotShipped({ name, files: "the six files of its binary version" }))
      : Cifar10.readFolder(from, { ...selection, name }),
})

/** The names of the sets, and the kind of target each has. */
export interface Targets {
  "fashion-mnist": Classification
  "fashion-mnist-0-2": Classification
  digits: Classification
  "breast-cancer": Classification
  diabetes: Regression
  /** Read only from a folder, because it is not bundled. */
  "cifar-10": Classification
}

export type Name = keyof Targets

export type Catalogue = { readonly [N in Name]: Entry<Targets[N]> }

/** Every shipped set by name. */
export const shipped: Catalogue = {
  "fashion-mnist": fashionMnist({
    title: "Fashion-MNIST, the first 100 + 100 of each class",
    classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    trainSamples: 1000,
    testSamples: 1000,
  }),
  "fashion-mnist-0-2": fashionMnist({
    title: "Fashion-MNIST, T-shirts and pullovers, the first 500 + 1000 of each",
    classes: [0, 2],
    trainSamples: 1000,
    testSamples: 2000,
  }),
  digits,
  "breast-cancer": breastCancer,
  diabetes,
  "cifar-10": cifar10(undefined),
}

/**
 * The same with all of Fashion-MNIST, whose four files are in `folder`.
 *
 * @internal
 */
export const withFashionMnist = (folder: string): Catalogue => ({
  ...shipped,
  "fashion-mnist": fashionMnist({
    title: `Fashion-MNIST, all of it, from ${folder}`,
    classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    trainSamples: 60_000,
    testSamples: 10_000,
    from: folder,
  }),
  "fashion-mnist-0-2": fashionMnist({
    title: `Fashion-MNIST, all T-shirts and pullovers, from ${folder}`,
    classes: [0, 2],
    trainSamples: 12_000,
    testSamples: 2000,
    from: folder,
  }),
})

/**
 * The same with CIFAR-10, whose six files are in `folder`.
 *
 * @internal
 */
export const withCifar10 = (folder: string): Catalogue => ({
  ...shipped,
  "cifar-10": cifar10(folder),
})

/**
 * Tests whether a data set of this name is known.
 *
 * @internal
 */
export const isName = (name: string): name is Name => Object.hasOwn(shipped, name)

export const names = Object.keys(shipped).filter(isName)
