/** Samples from images: IDX, CIFAR-10's files, and folders of PNG with a folder for each class. */
import * as Cifar10 from "@nonconvex/datasets/Cifar10"
import { quote } from "@nonconvex/datasets/Quote"
import { readBytes } from "@nonconvex/datasets/FileError"
import * as Idx from "@nonconvex/datasets/Idx"
import { Effect, FileSystem, Path, Result } from "effect"
import { UnfitData } from "./UnfitData.ts"
import type * as Png from "./Png.ts"
import { mostNumbers, type Samples } from "./Samples.ts"

const pixels = "pixels are scaled from 0..255 to 0..1"

/** Fails with UnfitData if the images have more numbers than the limit. */
const requireRoom = (path: string, count: number, size: number) =>
  count * size <= mostNumbers
    ? Effect.void
    : Effect.fail(
        new UnfitData({
          path,
          reason: `${count} images have ${count * size} numbers; the limit is ${mostNumbers}`,
          remedy: "use fewer, with --rows",
        }),
      )

const isFile = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.orElseSucceed(fs.exists(path), () => false)
})

interface IdxOptions {
  readonly labels: string | undefined
  readonly rows: number | undefined
  /** True to accept images without a file of labels; default false. */
  readonly isTargetOptional?: boolean
}

/** Images in IDX with their labels, by default from the file next to them. */
export const ofIdx: (
  path: string,
  options: IdxOptions,
) => Effect.Effect<Samples, UnfitData | Idx.IdxError, FileSystem.FileSystem | Path.Path> =
  Effect.fn("ImageSamples.ofIdx")(function* (
    path: string,
    { isTargetOptional = false, labels, rows }: IdxOptions,
  ) {
    const paths = yield* Path.Path
    const name = paths.basename(path)
    const beside = name.replace("images", "labels").replace("idx3", "idx1")
    const besidePath = paths.join(paths.dirname(path), beside)
    const isThere = beside !== name && (yield* isFile(besidePath))
    const isUnlabelled = labels === undefined && isTargetOptional && !isThere
    if (labels === undefined && beside === name && !isUnlabelled) {
      return yield* new UnfitData({
        path,
        reason: "the file of its labels cannot be derived from its name",
        remedy: "name their file with --labels",
      })
    }
    const labelsPath = labels ?? besidePath
    const images = yield* Idx.read(path, { dimensions: 3 })
    const data = isUnlabelled ? undefined : (yield* Idx.read(labelsPath, { dimensions: 1 })).data
    const [total, height, width] = images.sizes as [number, number, number]
    if (data !== undefined && data.length !== total) {
      return yield* new UnfitData({
        path,
        reason: `it has ${total} images, but ${labelsPath} has ${data.length} labels`,
        remedy: "use two files of the same set",
      })
    }
    const count = Math.min(total, rows ?? total)
    yield* requireRoom(path, count, height * width)
    return {
      path,
      count,
      shape: [height, width, 1],
      channels: "last",
      values: Float64Array.from(
        images.data.subarray(0, count * height * width),
        (byte) => byte / 255,
      ),
      targets: data && {
        _tag: "Numbers",
        values: Float64Array.from(data.subarray(0, count)),
        width: 1,
      },
      notes: [pixels],
    } satisfies Samples
  })

/** Layout of a CIFAR-10 record: its class, then three colours of 32 x 32 pixels. */
const [side, colours] = [32, 3]
const record = 1 + colours * side * side
const mostRecords = 10_000

/** Tests whether a file of this size can be from CIFAR-10. */
export const isCifar10 = (name: string, bytes: number): boolean =>
  name.endsWith(".bin") && bytes > 0 && bytes % record === 0 && bytes <= mostRecords * record

/** One file of CIFAR-10. */
export const ofCifar10 = Effect.fn("ImageSamples.ofCifar10")(function* (
  path: string,
  rows: number | undefined,
) {
  const bytes = yield* readBytes(path, mostRecords * record)
  const count = Math.min(bytes.length / record, rows ?? Number.POSITIVE_INFINITY)
  const size = colours * side * side
  const values = new Float64Array(count * size)
  const labels = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    labels[i] = bytes[i * record]!
    for (let k = 0; k < size; k++) values[i * size + k] = bytes[i * record + 1 + k]! / 255
  }
  return {
    path,
    count,
    shape: [colours, side, side],
    channels: "first",
    values,
    targets: { _tag: "Numbers", values: labels, width: 1 },
    notes: [`${pixels}; classes are ${Cifar10.classNames.join(", ")}`],
  } satisfies Samples
})

/** Training files of CIFAR-10 in a folder, in order. */
export const ofCifar10Folder = Effect.fn("ImageSamples.ofCifar10Folder")(function* (
  folder: string,
  rows: number | undefined,
) {
  const paths = yield* Path.Path
  const parts: Array<Samples> = []
  let count = 0
  for (let k = 1; k <= 5 && count < (rows ?? Number.POSITIVE_INFINITY); k++) {
    const left = rows === undefined ? undefined : rows - count
    const part = yield* ofCifar10(paths.join(folder, `data_batch_${k}.bin`), left)
    count += part.count
    yield* requireRoom(folder, count, colours * side * side)
    parts.push(part)
  }
  const joined = (of: (part: Samples) => Float64Array): Float64Array => {
    const out = new Float64Array(parts.reduce((sum, part) => sum + of(part).length, 0))
    parts.reduce((at, part) => {
      out.set(of(part), at)
      return at + of(part).length
    }, 0)
    return out
  }
  const values = joined((part) => part.values)
  const labels = joined(({ targets }) =>
    targets?._tag === "Numbers" ? targets.values : new Float64Array(),
  )
  return {
    ...parts[0]!,
    path: folder,
    count,
    values,
    targets: { _tag: "Numbers", values: labels, width: 1 },
  } satisfies Samples
})

/** Maximum number of bytes of a picture, and of pictures in a folder. */
const most = { bytes: 2 ** 24, files: 100_000 }

const refuse = (path: string, reason: string, remedy: string) =>
  new UnfitData({ path, reason, remedy })

/** Pixels of a PNG picture. Fails with UnfitData, and if the file cannot be read. */
export const readPicture = Effect.fn("ImageSamples.readPicture")(function* (path: string) {
  // its library is loaded where there are pictures
  const { decode } = yield* Effect.promise(() => import("./Png.ts"))
  return yield* Effect.fromResult(
    Result.mapError(decode(yield* readBytes(path, most.bytes)), (reason) =>
      refuse(path, reason, "save it as an 8-bit PNG in grey or colour"),
    ),
  )
})

/**
 * Pictures in one folder per class, interleaved: the first of each class, then the second. With `isTargetOptional` also pictures in
 * the folder itself, by name, without targets.
 */
export const ofFolder = Effect.fn("ImageSamples.ofFolder")(function* (
  folder: string,
  rows: number | undefined,
  isTargetOptional = false,
) {
  const [fs, paths] = [yield* FileSystem.FileSystem, yield* Path.Path]
  const listed = (path: string) =>
    fs.readDirectory(path).pipe(
      Effect.map((names) => names.filter((name) => !name.startsWith(".")).toSorted()),
      Effect.orElseSucceed((): ReadonlyArray<string> => []),
    )
  const isPicture = (file: string) => /\.png$/i.test(file)
  const classes: Array<{ readonly name: string; readonly files: ReadonlyArray<string> }> = []
  let total = 0
  const here = yield* listed(folder)
  const flat = isTargetOptional ? here.filter(isPicture) : []
  for (const name of flat.length > 0 ? ["."] : here) {
    const files = (yield* listed(paths.join(folder, name))).filter(isPicture)
    total += files.length
    if (total > most.files)
      return yield* refuse(folder, `it has more than ${most.files} pictures`, "take fewer")
    if (files.length > 0) classes.push({ name, files })
  }
  if (classes.length < 2 && flat.length === 0) {
    return yield* refuse(
      folder,
      `it has PNG pictures in ${classes.length} folders`,
      "put the pictures of each class into a separate folder, named by the class",
    )
  }
  const longest = Math.max(...classes.map(({ files }) => files.length))
  const chosen = Array.from({ length: longest }, (_, k) =>
    classes.flatMap(({ files, name }) =>
      files[k] === undefined ? [] : [{ name, file: files[k] }],
    ),
  )
    .flat()
    .slice(0, rows)
  let first: Png.Picture | undefined
  let values = new Float64Array()
  for (const [k, { file, name }] of chosen.entries()) {
    const path = paths.join(folder, name, file)
    const picture = yield* readPicture(path)
    if (first === undefined) {
      first = picture
      yield* requireRoom(folder, chosen.length, picture.values.length)
      values = new Float64Array(chosen.length * picture.values.length)
    }
    const [own, others] = [picture, first].map(
      ({ channels, height, width }) => `${height} x ${width} x ${channels}`,
    )
    if (own !== others) {
      return yield* refuse(
        path,
        `it is ${own}, but the first picture is ${others} (height x width x channels)`,
        "convert all to the same size and colours",
      )
    }
    values.set(picture.values, k * picture.values.length)
  }
  const { channels, height, width } = first!
  return {
    path: folder,
    count: chosen.length,
    shape: [height, width, channels],
    channels: "last",
    values,
    targets: flat.length > 0 ? undefined : { _tag: "Words", words: chosen.map(({ name }) => name) },
    files: chosen.map(({ file, name }) => paths.join(name, file)),
    notes: [
      flat.length > 0
        ? `${chosen.length} pictures without classes; ${pixels}`
        : `${chosen.length} pictures of classes ${classes
            .slice(0, 12)
            .map(({ name }) => quote(name))
            .join(", ")}; ${pixels}`,
    ],
  } satisfies Samples
})
