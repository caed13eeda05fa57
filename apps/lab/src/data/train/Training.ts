/** A training by the operation for its network. */
import { system as ofImages, trainImages } from "@nonconvex/optim-sam/images"
import { system, train } from "@nonconvex/optim-sam/operations"
import { operate } from "@nonconvex/runner/Operations"

/** Input of either operation. */
export type TrainInput = typeof train.input.Type | typeof trainImages.input.Type

/** Progress of either. */
export type Progress = typeof train.progress.Type

const isOfImages = (input: TrainInput): input is typeof trainImages.input.Type =>
  "normalises" in input.shape

/** Trains on the program's computing power. */
export const perform = (input: TrainInput, onProgress?: (progress: Progress) => void) =>
  isOfImages(input)
    ? operate(ofImages, trainImages, input, onProgress)
    : operate(system, train, input, onProgress)
