/** Requirements on options; each throws InvalidInput with the number that breaks it. */
import { InvalidInput } from "@nonconvex/numerics"

/** Requires an integer of at least `minimum`. */
export const requireCount = (operation: string, name: string, value: number, minimum = 1): void => {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new InvalidInput({
      operation,
      requirement: `${name} must be an integer of at least ${minimum}`,
      numbers: { [name]: value },
    })
  }
}

/** Requires a finite number of at least 0. */
export const requireNonNegative = (operation: string, name: string, value: number): void => {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidInput({
      operation,
      requirement: `${name} must be a finite number of at least 0`,
      numbers: { [name]: value },
    })
  }
}

/** Requires a finite number. */
export const requireFinite = (operation: string, name: string, value: number): void => {
  if (!Number.isFinite(value)) {
    throw new InvalidInput({
      operation,
      requirement: `${name} must be finite`,
      numbers: { [name]: value },
    })
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
    throw new InvalidInput({
      operation,
      requirement: `the length of ${name} must be ${expected}`,
      numbers: { [`${name}.length`]: values.length },
    })
  }
}
