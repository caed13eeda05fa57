/** Requirements on options; each throws InvalidInput with the number that breaks it. */
import { InvalidInput } from "@nonconvex/numerics"

const refuse = (operation: string, requirement: string, name: string, value: number): never => {
  throw new InvalidInput({
    operation,
    requirement: `${name} ${requirement}`,
    numbers: { [name]: value },
  })
}

/** Requires an integer of at least `minimum`. */
export const requireCount = (operation: string, name: string, value: number, minimum = 1): void => {
  if (!Number.isSafeInteger(value) || value < minimum) {
    refuse(operation, `must be an integer of at least ${minimum}`, name, value)
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
    refuse(operation, `must be ${expected}`, `${name}.length`, values.length)
  }
}
