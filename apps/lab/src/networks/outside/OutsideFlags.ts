/** Flags of networks made by other programs, and of their data. */
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

/** `0.1307` or `0.48,0.45,0.4`: a number for all inputs, or one for each channel or feature. */
const numbersOf = (text: string): readonly [number, ...Array<number>] => {
  const [first, ...rest] = text
    .split(",")
    .map((each) => (each.trim() === "" ? Number.NaN : Number(each)))
  if ([first!, ...rest].some((value) => !Number.isFinite(value))) {
    throw new Error("Expected a number, or one for each channel, such as 0.485,0.456,0.406")
  }
  return [first!, ...rest]
}

const numbers = (name: string, description: string) =>
  Flags.optional(
    Flag.String(name).pipe(
      Flag.withDescription(description),
      Flag.withMetavar("numbers"),
      Flag.mapTryCatch(numbersOf, (error) => (error as Error).message),
    ),
  )

/** Flags for networks of other programs. */
export const outside = {
  architecture: Flags.optional(
    Flags.path(
      "architecture",
      "For .safetensors and .npz: the layers of the network, as described in the README of @nonconvex/interchange",
      "file",
    ),
  ),
  features: Flags.optional(
    Flag.String("features").pipe(
      Flag.withDescription(
        "For .npz data: the array of samples; --target names the array of labels or values",
      ),
      Flag.withMetavar("array"),
    ),
    "x_train, X_train, x, X, features, data, images or inputs",
  ),
  labels: Flags.optional(
    Flags.path("labels", "For images in IDX format: the file of labels", "file"),
    "the file next to them with labels-idx1 in its name",
  ),
  rows: Flags.optional(
    Flags.positive(
      "rows",
      "For a network from another program: number of samples to use, from the first (from folders in turn)",
    ),
    "all",
  ),
  inputShift: numbers(
    "input-shift",
    "Mean to subtract from the inputs: one number, or one per channel or feature; pixels are first scaled to 0..1",
  ),
  inputScale: numbers("input-scale", "Standard deviation to divide the inputs by, after the shift"),
}
