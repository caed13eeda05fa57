import type { Step } from "./Step.ts"

/** Merges zero padding into the convolution that follows it. */
export const withMargins = (steps: ReadonlyArray<Step>): ReadonlyArray<Step> =>
  steps.flatMap((step, k) => {
    const [before, next] = [steps[k - 1], steps[k + 1]]
    const takes = (of: Step | undefined) => of?._tag === "Convolution" || of?._tag === "Depthwise"
    if (step._tag === "Pad" && takes(next)) return []
    if (before?._tag !== "Pad" || (step._tag !== "Convolution" && step._tag !== "Depthwise"))
      return [step]
    const { margins } = before
    const { padding } = step
    if (padding === "same") return [before, step]
    const own = padding === "valid" ? { top: 0, bottom: 0, left: 0, right: 0 } : padding
    const sum = {
      top: own.top + margins.top,
      bottom: own.bottom + margins.bottom,
      left: own.left + margins.left,
      right: own.right + margins.right,
    }
    return [{ ...step, padding: sum }]
  })
