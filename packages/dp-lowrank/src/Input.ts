/** Requirements on public options; each throws InvalidInput with the number that breaks it. Never use them on private data. */
import { InvalidInput } from "@nonconvex/numerics"

/** Throws InvalidInput. */
export const invalid = (
  operation: string,
  requirement: string,
  numbers: Readonly<Record<string, number>>,
): never => {
  throw new InvalidInput({ operation, requirement, numbers })
}

/** Requires an integer of at least `minimum`. */
export const requireCount = (operation: string, name: string, value: number, minimum = 1): void => {
  if (!Number.isSafeInteger(value) || value < minimum) {
    invalid(operation, `${name} must be an integer of at least ${minimum}`, { [name]: value })
  }
}

/** Requires a finite number greater than 0. */
export const requirePositive = (operation: string, name: string, value: number): void => {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    invalid(operation, `${name} must be positive and finite`, { [name]: value })
  }
}

/** Requires a number in the open interval (0, 1). */
export const requireFraction = (operation: string, name: string, value: number): void => {
  if (!(value > 0 && value < 1)) {
    invalid(operation, `${name} must lie strictly between 0 and 1`, { [name]: value })
  }
}

/** Requires a rank from 0 to the dimension. */
export const requireRank = (operation: string, rank: number, dimension: number): void => {
  requireCount(operation, "rank", rank, 0)
  if (rank > dimension) {
    invalid(operation, "the rank must be at most the dimension", { rank, dimension })
  }
}

/** Requires an array of exactly `expected` elements. */
export const requireLength = (
  operation: string,
  name: string,
  values: { readonly length: number },
  expected: number,
): void => {
  if (values.length !== expected) {
    invalid(operation, `the length of ${name} must be ${expected}`, {
      [`${name}.length`]: values.length,
    })
  }
}
