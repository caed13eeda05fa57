/** Flags that were not given, with the values that were taken for them. */
import * as Prepared from "@nonconvex/datasets/Prepared"
import type { Trained } from "@nonconvex/optim-sam/operations"
import * as Table from "../../cli/TextTable.ts"
import { usualChannels } from "./InitialNetwork.ts"
import type { Settings } from "./Settings.ts"
import type { Input } from "./TrainFlags.ts"

/** A training as it was done. */
interface Done extends Pick<Trained, "base" | "learningRate"> {
  readonly settings: Settings
  /** Epochs without an early end. */
  readonly epochs: number
  /** True if the rows were divided here, and not by those who published them. */
  readonly isDivided: boolean
}

/** Each as a flag with its value, to be copied and changed. */
export const of = (
  { data, effort, from, recipe, shape }: Input,
  { base, epochs, isDivided, learningRate, settings }: Done,
): ReadonlyArray<string> => {
  const layers = from === undefined && "hidden" in settings.shape ? settings.shape : undefined
  const isOpen = recipe.base === undefined && recipe.learningRate === undefined
  const widths = layers?.hidden ?? []
  const isOnImages = shape.network !== undefined
  const flags: Readonly<Record<string, string | false | undefined>> = {
    hidden: layers && shape.hidden === undefined && widths.join(","),
    activation: widths.length > 0 && shape.activation === undefined && layers?.activation,
    channels: isOnImages && shape.channels === undefined && `${usualChannels}`,
    base: recipe.base === undefined && base,
    "learning-rate": recipe.learningRate === undefined && Table.number(learningRate),
    schedule: isOpen && recipe.schedule === undefined && "cosine",
    // that of a method of two gradients a step is not the flag but a part of it
    epochs: effort.epochs === undefined && recipe.method !== "auto" && String(epochs),
    "test-fraction":
      isDivided && data.testFraction === undefined && String(Prepared.usualTestFraction),
  }
  return Object.entries(flags).flatMap(([flag, value]) => (value ? [`--${flag} ${value}`] : []))
}
