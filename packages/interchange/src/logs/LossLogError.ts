/** Errors of the numbers of a log. */
import { quote } from "@nonconvex/datasets/Quote"
import { Schema } from "effect"
import * as LogColumns from "./LogColumns.ts"

/** The steps of a log do not increase from row to row. */
export class BadSteps extends Schema.TaggedError<BadSteps>()("BadSteps", {
  path: Schema.String,
  /** Row with data, from 1. */
  entry: Schema.Int,
  /** NaN if the row has no step. */
  step: Schema.Number,
  previous: Schema.Number,
}) {
  override get message(): string {
    const place = `${this.path}: entry ${this.entry}`
    return Number.isFinite(this.step)
      ? `${place}: step ${this.step} follows step ${this.previous}: sort the log by step, and keep one entry per step (the last one of a resumed run)`
      : `${place} has no step: number the entries, or name another column with --step`
  }
}

/** Gradient products refer to two consecutive steps, and the log lacks some of them. */
export class MissingSteps extends Schema.TaggedError<MissingSteps>()("MissingSteps", {
  path: Schema.String,
  stride: Schema.Number,
}) {
  override get message(): string {
    return `${this.path}: its steps are ${this.stride} apart, but products of gradients need every step: log every step, or omit --squared-norm and --product`
  }
}

/** A negative loss, rate or norm. */
export class NegativeValue extends Schema.TaggedError<NegativeValue>()("NegativeValue", {
  path: Schema.String,
  /** Row with data, from 1. */
  entry: Schema.Int,
  column: Schema.String,
  value: Schema.Number,
  flag: Schema.String,
}) {
  override get message(): string {
    const next =
      this.flag === LogColumns.flagOf.loss
        ? "a spike is a multiple of the lowest loss: add a constant that keeps the losses above 0"
        : `name another column with ${this.flag}, or omit it`
    return `${this.path}: entry ${this.entry}, column ${quote(this.column)}: ${this.value} is negative; ${next}`
  }
}

/** No entry has a loss. */
export class NoLosses extends Schema.TaggedError<NoLosses>()("NoLosses", {
  path: Schema.String,
  column: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: column ${quote(this.column)} has no loss in any row: name the column of losses with --loss`
  }
}
