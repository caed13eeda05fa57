/** Objects of Kubernetes in a file, compared with the schemas of its API. */
import { assert } from "@effect/vitest"
import { validate as Job } from "kubernetes-models/_schemas/IoK8sApiBatchV1Job"
import { validate as ConfigMap } from "kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap"
import { validate as PersistentVolumeClaim } from "kubernetes-models/_schemas/IoK8sApiCoreV1PersistentVolumeClaim"
import { parseAllDocuments } from "yaml"

interface Validate {
  (data: unknown): boolean
  readonly errors?: ReadonlyArray<{
    readonly instancePath: string
    readonly keyword: string
  }> | null
}

const schemas: Readonly<Record<string, Validate>> = { ConfigMap, Job, PersistentVolumeClaim }

/** A value that notes which of its fields are read, at any depth: schemas of Kubernetes allow fields that they do not know. */
const watched = (value: unknown, place: string, unread: Set<string>): unknown => {
  if (typeof value !== "object" || value === null) return value
  const fields: Record<PropertyKey, unknown> = Array.isArray(value) ? ([] as never) : {}
  for (const [name, each] of Object.entries(value)) {
    const inside = `${place}.${name}`
    unread.add(inside)
    fields[name] = watched(each, inside, unread)
  }
  return new Proxy(fields, {
    get: (target, name) => {
      unread.delete(`${place}.${String(name)}`)
      return target[name]
    },
  })
}

/** What is wrong with an object, by its kind: errors of the schema, and fields that it does not know. */
export const faults = (object: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  const kind = String(object["kind"])
  const validate = schemas[kind]!
  const unread = new Set<string>()
  const isValid = validate(watched(object, kind, unread))
  const errors = isValid ? [] : (validate.errors ?? [])
  return [
    ...errors.map(({ instancePath, keyword }) => `${kind}${instancePath}: ${keyword}`),
    ...[...unread].map((place) => `${place} is unknown`),
  ]
}

/** The objects in a file of YAML, in which nothing is wrong. */
export const objectsIn = (text: string): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  parseAllDocuments(text).map((document) => {
    assert.deepStrictEqual(document.errors, [])
    assert.deepStrictEqual(document.warnings, [])
    const object = document.toJS() as Readonly<Record<string, unknown>>
    assert.deepStrictEqual(faults(object), [])
    return object
  })

/** What stands at a path of names and numbers in an object. */
export const at = (object: unknown, path: string): unknown =>
  path.split(" ").reduce((each, name) => (each as Readonly<Record<string, unknown>>)[name], object)
