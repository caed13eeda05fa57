/** The right to draw the noise of one release, once. */
import * as Schema from "effect/Schema"
import type { GridPlan } from "./GridPlan.ts"
import type { Target } from "../privacy/Target.ts"

/** A permit was used twice: its spend pays for one release. */
export class PermitUsed extends Schema.TaggedError<PermitUsed>()("PermitUsed", {
  mechanism: Schema.String,
}) {
  override get message(): string {
    return `this permit for a release by ${this.mechanism} has been used; record a new release in the ledger`
  }
}

/** Receipt of the ledger for a recorded spend. */
export interface Receipt {
  /** The number of the entry, from 1. */
  readonly entry: number
  readonly budget: Target
  /** epsilon of all releases up to this one, at the delta of the budget. */
  readonly spentEpsilon: number
}

/** Set by the ledger when the spend is on disk; the package does not export it. */
export let granted: <Plan extends Planned>(plan: Plan, receipt: Receipt) => Permit<Plan>

/** Plan of a release, for a message. */
interface Planned {
  readonly mechanism: { readonly name: string }
}

/**
 * Right to draw the noise of one release, once. A ledger issues it when the spend is on disk; without a ledger,
 * `withoutLedger` issues it, and you keep track of the budget.
 */
export class Permit<Plan extends Planned = GridPlan> {
  /** Plan of the release that is paid for. */
  readonly plan: Plan
  /** Receipt of the ledger; undefined without a ledger. */
  readonly receipt: Receipt | undefined
  #isUsed = false

  private constructor(plan: Plan, receipt: Receipt | undefined) {
    this.plan = plan
    this.receipt = receipt
  }

  /** Uses it up. Throws PermitUsed at the second time. */
  use(): void {
    if (this.#isUsed) throw new PermitUsed({ mechanism: this.plan.mechanism.name })
    this.#isUsed = true
  }

  /** Permit without a ledger: you keep account of the privacy spent on this data. */
  static readonly withoutLedger = <Own extends Planned>(plan: Own): Permit<Own> =>
    new Permit(plan, undefined)

  static {
    granted = (plan, receipt) => new Permit(plan, receipt)
  }
}
