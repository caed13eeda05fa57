/**
 * Fashion-MNIST from its four IDX files: 60,000 training and 10,000 test images of 28 x 28 bytes
 * in ten classes.
 *
 * Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking
 * machine learning algorithms", arXiv 1708.07747.
 */
import { Config, Effect, FileSystem, Option, Path } from "effect"
import type { Classification } from "./Dataset.ts"
import type { TrainTest } from "./Split.ts"
import {
  debianFolder,
  folderVariable,
  locate,
  readFolder,
  type ReadError,
  type ReadOptions,
} from "./internal/FashionMnistImages.ts"

/**
 * Like `readFolder`, from the folder in `NONCONVEX_FASHION_MNIST`; default Debian's.
 */
export const read = Effect.fn("FashionMnist.read")(function* (
  options: ReadOptions = {},
): Effect.fn.Return<
  TrainTest<Classification>,
  ReadError | Config.ConfigError,
  FileSystem.FileSystem | Path.Path
> {
  const configured = yield* Config.option(Config.NonEmptyString(folderVariable))
  return yield* readFolder(
    Option.getOrElse(configured, () => debianFolder),
    options,
  )
})

/** Requires that the folder holds all four files, without reading them. Fails with FashionMnistNotFound. */
export const requireFiles = Effect.fn("FashionMnist.requireFiles")(function* (folder: string) {
  for (const prefix of ["train", "t10k"]) {
    yield* locate(folder, `${prefix}-images-idx3-ubyte`)
    yield* locate(folder, `${prefix}-labels-idx1-ubyte`)
  }
})
