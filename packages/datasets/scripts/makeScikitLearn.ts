/**
 * Makes the digits (IDX) and the two tables (CSV with a header) from the data of scikit-learn.
 *
 *     npm run make:scikit-learn -w @nonconvex/datasets -- <site-packages>/sklearn/datasets/data
 *
 * All rows in the order of the source. Numbers in the tables are the texts of the source.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Path } from "effect"
import { gunzipSync, gzipSync } from "node:zlib"
import * as Idx from "../src/Idx.ts"

const diabetesHeader = "age,sex,bmi,bp,s1,s2,s3,s4,s5,s6,progression"

const measures = [
  "radius",
  "texture",
  "perimeter",
  "area",
  "smoothness",
  "compactness",
  "concavity",
  "concave points",
  "symmetry",
  "fractal dimension",
]

const breastCancerHeader = [
  ...measures.map((measure) => `mean ${measure}`),
  ...measures.map((measure) => `${measure} error`),
  ...measures.map((measure) => `worst ${measure}`),
  "diagnosis",
].join(",")

const linesOf = (bytes: Uint8Array): ReadonlyArray<string> =>
  new TextDecoder().decode(bytes).trim().split(/\r?\n/)

const program = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const source = process.argv[2] ?? "sklearn/datasets/data"
  const data = yield* path.fromFileUrl(new URL("../data/", import.meta.url))
  const lines = (file: string) =>
    fs
      .readFile(path.join(source, file))
      .pipe(Effect.map((bytes) => linesOf(file.endsWith(".gz") ? gunzipSync(bytes) : bytes)))
  const write = (file: string, bytes: Uint8Array) =>
    fs
      .writeFile(path.join(data, file), bytes)
      .pipe(Effect.andThen(Console.log(`${file}: ${bytes.length} bytes`)))
  const writeTable = (file: string, header: string, rows: ReadonlyArray<string>) =>
    write(file, new TextEncoder().encode([header, ...rows, ""].join("\n")))
  const writeIdx = (file: string, idx: Parameters<typeof Idx.encode>[0]) =>
    write(file, gzipSync(Idx.encode(idx), { level: 9 }))

  yield* fs.makeDirectory(path.join(data, "scikit-learn"), { recursive: true })

  const digits = (yield* lines("digits.csv.gz")).map((line) => {
    const numbers = line.split(",").map(Number)
    return { pixels: numbers.slice(0, 64), label: numbers.slice(64) }
  })
  yield* writeIdx("scikit-learn/digits-images-idx3-ubyte.gz", {
    sizes: [digits.length, 8, 8],
    data: Uint8Array.from(digits.flatMap(({ pixels }) => pixels)),
  })
  yield* writeIdx("scikit-learn/digits-labels-idx1-ubyte.gz", {
    sizes: [digits.length],
    data: Uint8Array.from(digits.flatMap(({ label }) => label)),
  })

  const patients = yield* lines("diabetes_data_raw.csv.gz")
  const progression = yield* lines("diabetes_target.csv.gz")
  yield* writeTable(
    "scikit-learn/diabetes.csv",
    diabetesHeader,
    patients.map((line, i) => `${line.split(/\s+/).join(",")},${Number(progression[i])}`),
  )

  // The first line of the source holds the counts and the names of classes 0 and 1.
  const [head = "", ...tumours] = yield* lines("breast_cancer.csv")
  const names = head.split(",").slice(2)
  yield* writeTable(
    "scikit-learn/breast-cancer.csv",
    breastCancerHeader,
    tumours.map((line) => line.replace(/,([01])$/, (_, label) => `,${names[Number(label)]}`)),
  )
})

program.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
