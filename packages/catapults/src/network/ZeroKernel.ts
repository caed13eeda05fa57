import * as Schema from "effect/Schema"

/** The tangent kernel is zero: no parameter moves any prediction, so no rate is critical. */
export class ZeroKernel extends Schema.TaggedError<ZeroKernel>()("ZeroKernel", {
  samples: Schema.Int,
}) {
  override get message(): string {
    return `the tangent kernel of ${this.samples} samples is zero: every unit is dead or every input is 0, so there is no critical rate; start from other parameters`
  }
}
