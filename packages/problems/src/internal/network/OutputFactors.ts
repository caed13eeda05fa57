import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Signal } from "./Signal.ts"

/** Probability of one of two classes by its logit, `1 / (1 + exp(-logit))`, without overflow. */
export const sigmoid = (logit: number): number => 1 / (1 + Elementary.exp(-logit))

/**
 * The Hessian of a loss in the outputs: the identity for the squared loss, `diag p - p p'` for softmax cross entropy, `diag p (1 - p)` for the
 * logistic loss.
 */
export type OutputCurvature = "squared" | "cross entropy" | "logistic"

/** Vectors s_k, one per output, whose outer products sum to the Hessian of each sample's loss in its outputs. */
export interface OutputFactors {
  /** Reads the outputs. */
  prepare(): void
  /** Writes s_k of each sample into the output's adjoint. */
  write(k: number): void
  /**
   * Adds the derivative of `s_k . u` in the outputs of one sample to `out`, where u is the output's tangent; call after
   * `write(k)`.
   */
  addMoved(k: number, out: Float64Array): void
}

const ofSquared = (outputs: number, { adjoint }: Signal): OutputFactors => ({
  prepare: () => {
    // the identity does not depend on the outputs
  },
  write: (k) => {
    for (let at = 0; at < adjoint.length; at++) adjoint[at] = at % outputs === k ? 1 : 0
  },
  addMoved: () => {
    // they do not move
  },
})

/** `sqrt(p_k) (e_k - p)`. */
const ofCrossEntropy = (outputs: number, { adjoint, tangent, value }: Signal): OutputFactors => {
  const probabilities = new Float64Array(value.length)
  return {
    prepare: () => {
      for (let at = 0; at < value.length; at += outputs) {
        let largest = Number.NEGATIVE_INFINITY
        for (let j = 0; j < outputs; j++) largest = Math.max(largest, value[at + j]!)
        let sum = 0
        for (let j = 0; j < outputs; j++) {
          probabilities[at + j] = Elementary.exp(value[at + j]! - largest)
          sum += probabilities[at + j]!
        }
        for (let j = 0; j < outputs; j++) probabilities[at + j]! /= sum
      }
    },
    write: (k) => {
      for (let at = 0; at < value.length; at += outputs) {
        const root = Math.sqrt(probabilities[at + k]!)
        let others = 0
        for (let j = 0; j < outputs; j++) {
          adjoint[at + j] = -root * probabilities[at + j]!
          if (j !== k) others += probabilities[at + j]!
        }
        // 1 - p without cancellation
        adjoint[at + k] = root * others
      }
    },
    addMoved: (k, out) => {
      const root = Math.sqrt(probabilities[k]!)
      let mean = 0
      let along = 0
      for (let j = 0; j < outputs; j++) {
        mean += probabilities[j]! * tangent[j]!
        along += adjoint[j]! * tangent[j]!
      }
      for (let j = 0; j < outputs; j++) {
        const e = j === k ? 1 : 0
        // d root = root (e_k - p) / 2 and dp = (diag p - p p')
        out[j]! +=
          0.5 * along * (e - probabilities[j]!) - root * probabilities[j]! * (tangent[j]! - mean)
      }
    },
  }
}

/** `sqrt(p_k (1 - p_k)) e_k`. */
const ofLogistic = (outputs: number, { adjoint, tangent, value }: Signal): OutputFactors => {
  const root = (logit: number): number => Math.sqrt(sigmoid(logit) * sigmoid(-logit))
  return {
    prepare: () => {
      // each is computed once
    },
    write: (k) => {
      for (let at = 0; at < adjoint.length; at++) {
        adjoint[at] = at % outputs === k ? root(value[at]!) : 0
      }
    },
    addMoved: (k, out) => {
      const logit = value[k]!
      // d root = root (1 - 2 p) / 2
      out[k]! += 0.5 * root(logit) * (sigmoid(-logit) - sigmoid(logit)) * tangent[k]!
    },
  }
}

const factorsOf = { squared: ofSquared, "cross entropy": ofCrossEntropy, logistic: ofLogistic }

export const outputFactors = (
  curvature: OutputCurvature,
  outputs: number,
  output: Signal,
): OutputFactors => factorsOf[curvature](outputs, output)
