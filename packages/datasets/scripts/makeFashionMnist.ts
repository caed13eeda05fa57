/**
 * Makes the shipped parts of Fashion-MNIST from the four full IDX files.
 *
 *     npm run make:fashion-mnist -w @nonconvex/datasets -- /usr/share/datasets/fashion-mnist
 *
 * Takes the first N images of each class in the order of the file and keeps that order, so there is
 * no randomness in it. The pixels are the same on every machine; the compressed bytes may differ
 * between versions of zlib.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Path } from "effect"
import { gzipSync } from "node:zlib"
import * as Idx from "../src/Idx.ts"
import * as LabelledImages from "../src/LabelledImages.ts"
import { select } from "../src/internal/SelectedImages.ts"
import * as FashionMnistImages from "../src/internal/FashionMnistImages.ts"

interface Part {
  readonly folder: string
  readonly classes: ReadonlyArray<FashionMnistImages.ClassNumber>
  readonly perClass: { readonly train: number; readonly t10k: number }
}

const parts: ReadonlyArray<Part> = [
  {
    folder: "fashion-mnist",
    classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    perClass: { train: 100, t10k: 100 },
  },
  { folder: "fashion-mnist-0-2", classes: [0, 2], perClass: { train: 500, t10k: 1000 } },
]

const program = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const source = process.argv[2] ?? FashionMnistImages.debianFolder
  const data = yield* path.fromFileUrl(new URL("../data/", import.meta.url))
  for (const prefix of ["train", "t10k"] as const) {
    const all = yield* LabelledImages.read({
      imagesPath: path.join(source, `${prefix}-images-idx3-ubyte.gz`),
      labelsPath: path.join(source, `${prefix}-labels-idx1-ubyte.gz`),
      classes: FashionMnistImages.classNames.length,
    })
    for (const { folder, classes, perClass } of parts) {
      const chosen = select(all, { classes, perClass: perClass[prefix] })
      const { height, width, pixels, labels } = chosen
      const write = (file: string, idx: Parameters<typeof Idx.encode>[0]) =>
        fs.writeFile(path.join(data, folder, file), gzipSync(Idx.encode(idx), { level: 9 }))
      yield* fs.makeDirectory(path.join(data, folder), { recursive: true })
      yield* write(`${prefix}-images-idx3-ubyte.gz`, {
        sizes: [labels.length, height, width],
        data: pixels,
      })
      yield* write(`${prefix}-labels-idx1-ubyte.gz`, { sizes: [labels.length], data: labels })
      yield* Console.log(`${folder}: ${labels.length} images (${prefix})`)
    }
  }
})

program.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
