/**
 * Part of `effect` that claims need while they compute: errors that carry numbers, a token that is one or not, and a mark on a
 * number that leaves it as it is.
 *
 * The packages also describe their input, services and jobs with it. A replay asks for none of these, and a quarter of its script would be
 * effect: here they can be called and asked for anything, and come to nothing. That each claim gives the bits that it gives with effect is a
 * test. Plain JavaScript, for a module of it may be asked for any name.
 */

// a class, for others extend it
// oxlint-disable-next-line typescript/no-extraneous-class
const nothing = new Proxy(class {}, {
  apply: () => nothing,
  construct: () => ({}),
  // a namespace of a module is made from the prototype
  getPrototypeOf: () => nothing,
  get: (target, key) =>
    key === "prototype" ? target.prototype : key === Symbol.toPrimitive ? () => "" : nothing,
})

/** These values by their names, and nothing by any other. */
const only = (own) => {
  const known = new Proxy(own, {
    get: (target, key) => (Object.hasOwn(target, key) ? target[key] : nothing),
    getPrototypeOf: () => known,
  })
  return known
}

const TaggedError = () => (tag) =>
  class extends Error {
    constructor(fields) {
      super()
      Object.assign(this, fields, { _tag: tag })
    }
  }

const Schema = only({ TaggedError, isSchemaError: () => false })

const Option = only({
  none: () => ({ _tag: "None" }),
  some: (value) => ({ _tag: "Some", value }),
})

const Brand = only({ nominal: () => (value) => value })

const Formatter = only({ format: String })

module.exports = only({ Brand, Formatter, Option, Schema })
