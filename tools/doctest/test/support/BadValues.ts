/**
 * Calls of public functions in the examples of the packages, and the same calls with one bad value each. NaN and a word stand for a
 * number, an array of JavaScript for a typed array, a number for a seed, and nothing for a member of the options. What another
 * public function made is not taken apart.
 */
import { parseSync } from "vite"
import { stripTypeScriptTypes } from "node:module"

/** A call with a bad value: `error` is undefined if it was accepted. */
export interface Outcome {
  readonly call: string
  /** The argument, and the value in its place. */
  readonly place: string
  readonly error: unknown
}

interface Bad {
  readonly name: string
  readonly shown: string
  readonly args: ReadonlyArray<unknown>
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

const isSeed = (value: unknown): boolean => isPlain(value) && "words" in value && "child" in value

/** Numbers that some functions take: those that refuse them do it by a tagged error. */
export const mayBe = [-1, 0.5, Number.POSITIVE_INFINITY]

/** Values that cannot stand for `value`. */
const badFor = (value: unknown): ReadonlyArray<unknown> => {
  if (typeof value === "number") return [Number.NaN, "a", ...mayBe]
  if (value instanceof Float64Array) return [Array.from(value)]
  if (isSeed(value)) return [1]
  return []
}

const shown = (value: unknown): string =>
  typeof value === "string"
    ? JSON.stringify(value)
    : Array.isArray(value)
      ? "a plain array"
      : String(value)

/** All calls with one bad argument, or one bad member of an argument. */
const badCalls = (
  args: ReadonlyArray<unknown>,
  isMade: (value: object) => boolean,
): ReadonlyArray<Bad> =>
  args.flatMap((arg, i) => {
    const replaced = (by: unknown) => args.map((other, k) => (k === i ? by : other))
    const whole = badFor(arg).map((by) => ({
      name: `argument ${i + 1}`,
      shown: shown(by),
      args: replaced(by),
    }))
    if (!isPlain(arg) || isSeed(arg) || isMade(arg)) return whole
    const members = Object.entries(arg).flatMap(([name, value]) =>
      [...badFor(value), undefined].map((by) => ({
        name,
        shown: shown(by),
        args: replaced({ ...arg, [name]: by }),
      })),
    )
    return [...whole, ...members]
  })

/** Runs the code of an example with every call also made with bad values. */
export const record = async (
  file: string,
  code: string,
  load: (specifier: string) => Promise<object>,
  seen: (called: Function, outcomes: ReadonlyArray<Outcome>) => void,
): Promise<void> => {
  let isProbing = false
  const made = new WeakSet<object>()
  const marked = (value: object) => {
    made.add(value)
    return value
  }
  const probed =
    (call: string, target: Function, self: unknown) =>
    (...args: ReadonlyArray<unknown>): unknown => {
      if (!isProbing) {
        isProbing = true
        seen(
          target,
          badCalls(args, (value) => made.has(value)).flatMap((bad): ReadonlyArray<Outcome> => {
            const place = `${bad.name} = ${bad.shown}`
            try {
              Reflect.apply(target, self, bad.args)
              const isTaken = ["undefined", ...mayBe.map(String)].includes(bad.shown)
              return isTaken ? [] : [{ call, place, error: undefined }]
            } catch (error) {
              return [{ call, place, error }]
            }
          }),
        )
        isProbing = false
      }
      const result: unknown = Reflect.apply(target, self, args)
      if (typeof result === "object" && result !== null) {
        made.add(result)
        for (const member of Object.values(result))
          if (typeof member === "object" && member !== null) made.add(member)
      }
      return isPlain(result) && typeof result["init"] === "function"
        ? marked({ ...result, init: probed(`${call}.init`, result["init"], result) })
        : result
    }
  const wrapped = (module: object, at: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(module).map(([name, value]: [string, unknown]) => {
        if (typeof value === "function")
          return [
            name,
            Function.prototype.toString.call(value).startsWith("class")
              ? value
              : probed(`${at}${name}`, value, undefined),
          ]
        const isModule =
          typeof value === "object" &&
          value !== null &&
          Reflect.get(value, Symbol.toStringTag) === "Module"
        return [name, isModule ? wrapped(value, `${at}${name}.`) : value]
      }),
    )
  const stripped = stripTypeScriptTypes(code)
  const { program } = parseSync(`${file}.ts`, stripped)
  const modules: Record<string, unknown> = {}
  let body = stripped
  for (const node of program.body.toReversed()) {
    if (node.type !== "ImportDeclaration") continue
    const from = node.source.value
    const module = await load(from)
    modules[from] ??= from.startsWith("@nonconvex/") ? wrapped(module, `${from}: `) : module
    const names = node.specifiers.map((specifier) => {
      const local = specifier.local.name
      if (specifier.type === "ImportNamespaceSpecifier")
        return `const ${local} = __modules[${JSON.stringify(from)}];`
      const name =
        specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : stripped.slice(specifier.imported.start, specifier.imported.end)
      return `const ${local} = __modules[${JSON.stringify(from)}][${JSON.stringify(name)}];`
    })
    body = body.slice(0, node.start) + names.join(" ") + body.slice(node.end)
  }
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...parts: ReadonlyArray<string>
  ) => (modules: object) => Promise<void>
  await new AsyncFunction("__modules", body.replaceAll(/^export /gm, ""))(modules)
}
