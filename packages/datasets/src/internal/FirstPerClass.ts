/** Reduction of a data set to a few rows of each class. */
import { subset, type Dataset, type Target } from "../Dataset.ts"

/**
 * First `count` rows of each class in the order of the data set, or all if there are fewer. For a regression they are the
 * first rows.
 */
export const firstPerClass = <T extends Target>(dataset: Dataset<T>, count: number): Dataset<T> => {
  const { samples, target } = dataset
  const taken = new Map<number, number>()
  const rows = Array.from({ length: samples }, (_, i) => i).filter((i) => {
    const label = target._tag === "Classification" ? target.labels[i]! : 0
    const before = taken.get(label) ?? 0
    if (before >= count) return false
    taken.set(label, before + 1)
    return true
  })
  return subset(dataset, rows)
}
