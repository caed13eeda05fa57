/** Requirements on options; each throws InvalidInput with the number that breaks it. */
import { InvalidInput } from "@nonconvex/numerics"

export const invalid = (
  operation: string,
  requirement: string,
  numbers: Readonly<Record<string, number>>,
): never => {
  throw new InvalidInput({ operation, requirement, numbers })
}

/** Requires a positive finite number. */
export const requirePositive = (operation: string, name: string, value: number): void => {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    invalid(operation, `${name} must be positive and finite`, { [name]: value })
  }
}

/** Requires a finite number of at least 0. */
export const requireNonNegative = (operation: string, name: string, value: number): void => {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    invalid(operation, `${name} must be a finite number of at least 0`, { [name]: value })
  }
}

/** Requires an integer of at least `minimum`. */
export const requireCount = (operation: string, name: string, value: number, minimum = 1): void => {
  if (!Number.isSafeInteger(value) || value < minimum) {
    invalid(operation, `${name} must be an integer of at least ${minimum}`, { [name]: value })
  }
}

/** Requires exactly `expected` finite elements. */
export const requirePoint = (
  operation: string,
  name: string,
  values: Float64Array,
  expected: number,
): void => {
  if (values.length !== expected) {
    invalid(operation, `the length of ${name} must be ${expected}`, {
      [`${name}.length`]: values.length,
    })
  }
  const index = values.findIndex((value) => !Number.isFinite(value))
  if (index >= 0) {
    invalid(operation, `every element of ${name} must be finite`, {
      index,
      [`${name}[${index}]`]: values[index]!,
    })
  }
}
