/** What all code of a thread shares, and no job may change: what comes after it would compute something else. */

const shared: Readonly<Record<string, object>> = {
  "Object.prototype": Object.prototype,
  "Array.prototype": Array.prototype,
  "Function.prototype": Function.prototype,
  Math,
}

type Fields = ReadonlyMap<PropertyKey, PropertyDescriptor>

const fieldsOf = (of: object): Fields =>
  new Map(Reflect.ownKeys(of).map((key) => [key, Reflect.getOwnPropertyDescriptor(of, key)!]))

const isSame = (a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean =>
  a?.value === b?.value && a?.get === b?.get && a?.set === b?.set

/**
 * The fields as they are now.
 *
 * @internal
 */
export const look = (): ReadonlyArray<readonly [name: string, of: object, before: Fields]> =>
  Object.entries(shared).map(([name, of]) => [name, of, fieldsOf(of)])

/**
 * The fields that are not as they were, as code would name them; each is put back.
 *
 * @internal
 */
export const restore = (looked: ReturnType<typeof look>): ReadonlyArray<string> =>
  looked.flatMap(([name, of, before]) => {
    const now = fieldsOf(of)
    const keys = new Set([...before.keys(), ...now.keys()])
    return [...keys].flatMap((key) => {
      const former = before.get(key)
      if (isSame(former, now.get(key))) return []
      if (former === undefined) Reflect.deleteProperty(of, key)
      else Reflect.defineProperty(of, key, former)
      return [`${name}.${String(key)}`]
    })
  })
