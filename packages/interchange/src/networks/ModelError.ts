/** Errors of a network from another program, with the place and the next step. */
import { listOf, quote } from "@nonconvex/datasets/Quote"
import * as Schema from "effect/Schema"

/** The file, or a part of it, violates its format or exceeds the limits. */
export class BadModel extends Schema.TaggedError<BadModel>()("BadModel", {
  path: Schema.String,
  /** Such as a tensor or a layer, in quotes if the file names it. */
  place: Schema.optionalKey(Schema.String),
  reason: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    const place = this.place === undefined ? "" : `${this.place}: `
    return `${this.path}: ${place}${this.reason}; ${this.remedy}`
  }
}

/** A layer or operator that is not supported. */
export class UnknownOperator extends Schema.TaggedError<UnknownOperator>()("UnknownOperator", {
  path: Schema.String,
  operator: Schema.String,
  /** Place in the file, such as `node 3 ("/conv1/Conv")`. */
  place: Schema.String,
  known: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: ${this.place}: the operator ${quote(this.operator)} is not supported; supported are: ${this.known.join(", ")}. For any other network use nonconvex certify --oracle`
  }
}

/** A tensor whose shape does not match its place in the network. */
export class WrongShape extends Schema.TaggedError<WrongShape>()("WrongShape", {
  path: Schema.String,
  layer: Schema.String,
  tensor: Schema.String,
  found: Schema.Array(Schema.Number),
  /** Such as `outputs x 64`. */
  wanted: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: layer ${quote(this.layer)}: tensor ${quote(this.tensor)} has the shape ${this.found.join(" x ") || "()"}, and ${this.wanted} is required; check the layers before it and the input shape`
  }
}

/** The network needs a tensor that the file does not have. */
export class MissingTensor extends Schema.TaggedError<MissingTensor>()("MissingTensor", {
  path: Schema.String,
  layer: Schema.String,
  tensor: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: layer ${quote(this.layer)}: there is no tensor ${quote(this.tensor)}; the file has ${listOf(this.available)}`
  }
}

/** The file is a pickle, or contains one: reading it would execute code. */
export class PickledModel extends Schema.TaggedError<PickledModel>()("PickledModel", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: it is a pickle, which can run code when loaded; convert it in the program that made it: python -c 'import torch, safetensors.torch as s; s.save_file(torch.load("in.pt", weights_only=True), "net.safetensors")' (of a whole model its state_dict())`
  }
}

/** Reasons for refusing a network from another program. */
export type ModelError = BadModel | UnknownOperator | WrongShape | MissingTensor | PickledModel

/** Error classes, for `Seam.attempt`. */
export const modelErrors = [
  BadModel,
  UnknownOperator,
  WrongShape,
  MissingTensor,
  PickledModel,
] as const
