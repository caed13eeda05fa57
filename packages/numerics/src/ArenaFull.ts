import * as Schema from "effect/Schema"

/**
 * An arena has no room for an allocation. Arenas never grow, because that would detach every view: release unused arrays, or
 * make kernels with a larger capacity by `Kernels.makeStrict({ capacity })`. Sizes in bytes.
 */
export class ArenaFull extends Schema.TaggedError<ArenaFull>()("ArenaFull", {
  requested: Schema.Number,
  largestFree: Schema.Number,
  used: Schema.Number,
  capacity: Schema.Number,
}) {
  override get message(): string {
    return `no room for ${this.requested} bytes: ${this.used} of ${this.capacity} are in use, the largest free block has ${this.largestFree}; release arrays or make kernels with a larger capacity`
  }
}
