/** The right to draw the noise of one release, once. */
import { Schema } from "effect"
import type { GridPlan } from "./GridPlan.ts"

/** A permit was used before: the spend that it stands for pays for one release. */
export class PermitUsed extends Schema.TaggedError<PermitUsed>()("PermitUsed", {
  mechanism: Schema.String,
}) {
  override get message(): string {
    return `this permit for a release by ${this.mechanism} was used already; spend again in the ledger`
  }
}

/** For the ledger, after the spend is on the disk; the package does not export it. */
export let granted: (plan: GridPlan, entry: number) => Permit

export class Permit {
  readonly plan: GridPlan
  /** The entry of the ledger, from 1; undefined where no ledger counts. */
  readonly entry: number | undefined
  #isUsed = false

  private constructor(plan: GridPlan, entry: number | undefined) {
    this.plan = plan
    this.entry = entry
  }

  /** Marks it as used. Throws PermitUsed at the second time. */
  use(): void {
    if (this.#isUsed) throw new PermitUsed({ mechanism: this.plan.mechanism.name })
    this.#isUsed = true
  }

  /** A permit that no ledger knows of: you count what you spend on this data yourself. */
  static readonly withoutLedger = (plan: GridPlan): Permit => new Permit(plan, undefined)

  static {
    granted = (plan, entry) => new Permit(plan, entry)
  }
}
