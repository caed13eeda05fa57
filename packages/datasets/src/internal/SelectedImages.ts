import type { Effect } from "effect"
import type { read } from "../LabelledImages.ts"

type LabelledImages = Effect.Success<ReturnType<typeof read>>

interface Selection {
  /** Class numbers to keep; default all. */
  readonly classes?: ReadonlyArray<number>
  /** At most this many of each class, the first in the order of the file; default all. */
  readonly perClass?: number
}

/** The selected images in the order of the file, with their original class numbers. */
export const select = (
  { height, width, pixels, labels }: LabelledImages,
  { classes, perClass = Number.POSITIVE_INFINITY }: Selection,
): LabelledImages => {
  const taken = new Map<number, number>()
  const kept = Array.from(labels.keys()).filter((i) => {
    const label = labels[i]!
    const before = taken.get(label) ?? 0
    if (before >= perClass || classes?.includes(label) === false) return false
    taken.set(label, before + 1)
    return true
  })
  const size = height * width
  const chosen = new Uint8Array(kept.length * size)
  kept.forEach((i, k) => chosen.set(pixels.subarray(i * size, (i + 1) * size), k * size))
  return { height, width, pixels: chosen, labels: Uint8Array.from(kept, (i) => labels[i]!) }
}
