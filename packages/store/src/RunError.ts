/** Errors when finding a run by its name. */
import { Schema } from "effect"

/** Tests whether a text can name a run: at least four hexadecimal digits of its id. */
export const isName = (name: string): boolean => /^[0-9a-f]{4,64}$/iu.test(name)

/** No run has an id that begins like this. */
export class UnknownRun extends Schema.TaggedError<UnknownRun>()("UnknownRun", {
  name: Schema.String,
  place: Schema.String,
}) {
  override get message(): string {
    return isName(this.name)
      ? `no run of ${this.place} begins with "${this.name}"; nonconvex runs lists them`
      : `"${this.name}" is not a run id: give at least 4 of the hexadecimal digits that nonconvex runs lists`
  }
}

/** The stored content of a run was altered. */
export class DamagedRun extends Schema.TaggedError<DamagedRun>()("DamagedRun", {
  id: Schema.String,
  place: Schema.String,
}) {
  override get message(): string {
    const name = this.id.slice(0, 12)
    return `${this.place}: run ${name} is damaged; remove it with nonconvex rm ${name}, and repeat the command that computed it`
  }
}

/** Several runs have ids that begin like this. */
export class AmbiguousRun extends Schema.TaggedError<AmbiguousRun>()("AmbiguousRun", {
  name: Schema.String,
  /** Some of these runs. */
  fits: Schema.Array(Schema.String),
}) {
  /** Number of them that are listed. */
  static readonly most = 5

  override get message(): string {
    return `"${this.name}" matches more than one run: ${this.fits.join(", ")}; give more digits`
  }
}
