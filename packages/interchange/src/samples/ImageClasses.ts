/** Samples as images with classes, for a network that is made for them. */
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import type { Samples } from "./Samples.ts"
import { UnfitData } from "./UnfitData.ts"

/** Images, their shape, and the names of their classes. */
export interface ImageClasses {
  readonly samples: Samples
  readonly input: Architecture.Shape
  readonly classes: ReadonlyArray<string>
}

/** More colours than this are pixels. */
const mostColours = 4

/** More classes than this are values. */
const mostClasses = 1000

const remedy = "give images as an array of images x height x width x channels"

/** The images with the place of their channels; of two dimensions they are grey, of one they are square and grey. */
const imagesOf = (samples: Samples): Omit<ImageClasses, "classes"> => {
  const { channels: said, notes, path, shape } = samples
  const grey = (height: number, width: number, note: ReadonlyArray<string>) => ({
    samples: {
      ...samples,
      shape: [height, width, 1],
      channels: "last" as const,
      notes: [...notes, ...note],
    },
    input: { height, width, channels: 1 },
  })
  const [a = 0, b = 0, c = 0] = shape
  const refuse = (reason: string): never => {
    throw new UnfitData({ path, reason, remedy })
  }
  if (shape.length === 1) {
    const side = Math.round(Math.sqrt(a))
    return side * side === a
      ? grey(side, side, [`the ${a} numbers of a row are an image of ${side} x ${side} pixels`])
      : refuse(`a row has ${a} numbers, which is no square image of one channel`)
  }
  if (shape.length === 2) return grey(a, b, [])
  if (shape.length !== 3) return refuse(`a sample has the shape ${shape.join(" x ")}`)
  const isColours = [a, c].map((size) => size <= mostColours)
  if (said === undefined && isColours[0] === isColours[1])
    return refuse(`a sample has the shape ${shape.join(" x ")}, whose channels are not clear`)
  const place = said ?? (isColours[0] ? "first" : "last")
  const input =
    place === "first" ? { channels: a, height: b, width: c } : { height: a, width: b, channels: c }
  return { samples: { ...samples, channels: place }, input }
}

/** Names of the classes of samples: words in order, integers in theirs. */
const classesOf = ({ count, path, targets }: Samples): ReadonlyArray<string> => {
  const refuse = (reason: string): never => {
    throw new UnfitData({ path, reason, remedy: "give a class for each image" })
  }
  if (targets === undefined) return refuse("it has no targets")
  if (targets._tag === "Words") return [...new Set(targets.words)].toSorted()
  const { values, width } = targets
  if (width > 1) return Array.from({ length: width }, (_, k) => String(k))
  const fraction = values.findIndex((value) => !Number.isSafeInteger(value))
  if (fraction >= 0) return refuse(`the target of image ${fraction} is ${values[fraction]}`)
  const distinct = [...new Set(values)].toSorted((x, y) => x - y)
  return distinct.length > Math.min(mostClasses, count / 2)
    ? refuse(`its ${count} targets have ${distinct.length} different values`)
    : distinct.map(String)
}

/** Reads samples as images with classes. Throws UnfitData if they are not. */
export const of = (samples: Samples): ImageClasses => {
  const classes = classesOf(samples)
  if (classes.length < 2) {
    throw new UnfitData({
      path: samples.path,
      reason: `all its images have the class ${classes[0]}`,
      remedy: "give images of at least two classes",
    })
  }
  return { ...imagesOf(samples), classes }
}
