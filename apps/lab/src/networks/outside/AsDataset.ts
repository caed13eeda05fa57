/** Samples of a network of another program as the data of the commands: as they stand, and under names of their own. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import type * as Prepared from "@nonconvex/datasets/Prepared"
import type { OnData } from "./Outside.ts"

/** One logit tells two classes apart. */
const targetOf = ({
  network: { isLogistic = false, targets },
  read: { model },
}: OnData): Dataset.Target => {
  const { outputs } = model.architecture
  const isLogit = isLogistic && outputs === 1
  if (!isLogit && !(targets instanceof Int32Array)) return { _tag: "Regression", values: targets }
  return {
    _tag: "Classification",
    labels: Int32Array.from(targets),
    classes: Array.from({ length: isLogit ? 2 : outputs }, (_, k) => String(k)),
  }
}

/** All samples as training rows; nothing is scaled, for nothing was when the network was trained elsewhere. */
export const prepared = (found: OnData): Prepared.Prepared => {
  const { network, read, samples } = found
  const { inputs: dimension } = read.model.architecture
  const target = targetOf(found)
  const train: Dataset.Dataset = {
    name: samples.path,
    features: network.features,
    samples: samples.count,
    dimension,
    featureNames: samples.names ?? Array.from({ length: dimension }, (_, j) => `input-${j + 1}`),
    target,
    provenance: {
      source: samples.path,
      licence: "unknown",
      notice: `data of the user, read from ${samples.path}`,
    },
  }
  const none = new Float64Array()
  return {
    train,
    test: {
      ...train,
      features: none,
      samples: 0,
      target:
        target._tag === "Classification"
          ? { ...target, labels: new Int32Array() }
          : { ...target, values: none },
    },
    transform: {
      shift: new Float64Array(dimension),
      scale: new Float64Array(dimension).fill(1),
    },
  }
}
