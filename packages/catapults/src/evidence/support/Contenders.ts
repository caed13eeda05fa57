/** Optimizers at learning rates, to be ranked by alignment and by test loss. */
import { Positive } from "@nonconvex/problems/Fields"
import { adamW } from "@nonconvex/problems/AdamW"
import { momentum } from "@nonconvex/problems/Momentum"
import { sgd } from "@nonconvex/problems/Sgd"
import type { Update } from "@nonconvex/problems/Update"
import { Schema } from "effect"
import { adagrad } from "../../descent/Adagrad.ts"
import { rmsprop } from "../../descent/Rmsprop.ts"

export const Contender = Schema.Struct({
  optimizer: Schema.Literals(["SGD", "momentum", "RMSprop", "Adagrad", "Adam"]),
  learningRate: Positive,
})
export type Contender = typeof Contender.Type
type Optimizer = Contender["optimizer"]

const updates = { SGD: sgd, momentum, RMSprop: rmsprop, Adagrad: adagrad, Adam: adamW }

export const updateOf = ({ learningRate, optimizer }: Contender): Update =>
  updates[optimizer]({ learningRate })

export const at = (optimizer: Optimizer, rates: ReadonlyArray<number>): ReadonlyArray<Contender> =>
  rates.map((learningRate) => ({ optimizer, learningRate }))

/** Ten of the settings that interpolate without divergence. */
export const few = [
  ...at("SGD", [1, 4.5]),
  ...at("momentum", [0.3]),
  ...at("RMSprop", [0.01, 0.03]),
  ...at("Adagrad", [0.1, 0.3]),
  ...at("Adam", [0.01, 0.03, 0.1]),
]
