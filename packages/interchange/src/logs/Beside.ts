/**
 * Settings of a run in the configuration beside its log: of Weights & Biases, Lightning, Hydra and programs that write their
 * arguments. Of YAML the lines of keys and plain values are read, which is what these programs write.
 */
import { readBytes } from "@nonconvex/datasets/FileError"
import { Effect, type FileSystem } from "effect"
import { most } from "./Series.ts"
import * as Settings from "./Settings.ts"

/** Names of configurations in the folder of a log. */
const inFolder = [
  "config.yaml",
  "config.yml",
  "hparams.yaml",
  "hparams.yml",
  "args.yaml",
  "config.json",
  "args.json",
  "params.json",
  "hparams.json",
  "hyperparameters.json",
  "training_args.json",
  ".hydra/config.yaml",
  "../.hydra/config.yaml",
  "../files/config.yaml",
]

/** Sections whose momentum or epsilon does not belong to the optimizer. */
const foreign = /(^|\/)(model|net|network|arch|backbone|encoder|decoder|scheduler|_wandb)(\/|$)/i

const nameOfOptimizer = /^(_target_|name|type|_name_|class_name|class_path)$/

/** Optimizer of a configuration that names its class, with the defaults of PyTorch. */
export const classOfOptimizer = "optimizer class"

const addAt = (
  settings: Map<string, string>,
  path: ReadonlyArray<string>,
  value: string | number | boolean,
): void => {
  // Weights & Biases writes each setting as an object with its value
  const parts =
    path.at(-1) === "value" ? path.slice(0, -1) : path.filter((part) => part !== "value")
  const [whole, last] = [parts.join("/"), parts.at(-1) ?? ""]
  if (last === "" || foreign.test(whole)) return
  const once = (name: string, what: typeof value) => {
    if (!settings.has(name)) Settings.add(settings, name, what)
  }
  if (
    parts.length > 1 &&
    /optim/i.test(parts.slice(0, -1).join("/")) &&
    nameOfOptimizer.test(last)
  ) {
    const name = String(value).split(".").at(-1)!
    once("optimizer", name)
    if (name !== String(value)) once(classOfOptimizer, value)
    return
  }
  once(last, value)
}

const plain = (text: string): string =>
  text
    .replace(/\s+#.*$/, "")
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")

/** Adds the keys and plain values of YAML. Lists of plain values are joined by commas. */
export const addYaml = (text: string, settings: Map<string, string>): void => {
  const open: Array<{ readonly indent: number; readonly key: string }> = []
  let items: Array<string> = []
  const end = () => {
    if (items.length > 0)
      addAt(
        settings,
        open.map(({ key }) => key),
        items.join(","),
      )
    items = []
  }
  for (const line of text.split(/\r?\n/)) {
    const item = /^\s*- +([^:{}[\]]+)$/.exec(line)
    if (item !== null) {
      items.push(plain(item[1]!))
      continue
    }
    const found = /^(\s*)([\w./ -]+):(?:\s+(.*))?$/.exec(line)
    if (found === null) continue
    end()
    const [, indent = "", key = "", rest = ""] = found
    while (open.length > 0 && open.at(-1)!.indent >= indent.length) open.pop()
    open.push({ indent: indent.length, key: key.trim() })
    const value = plain(rest).replace(/^\[(.*)\]$/, "$1")
    if (value !== "" && !/^[{&*!|>]/.test(value) && value !== "null") {
      addAt(
        settings,
        open.map((each) => each.key),
        value,
      )
    }
  }
  end()
}

const addFields = (
  fields: object,
  settings: Map<string, string>,
  before: ReadonlyArray<string> = [],
): void => {
  for (const [key, value] of Object.entries(fields) as ReadonlyArray<[string, unknown]>) {
    const path = [...before, key]
    if (Array.isArray(value)) addAt(settings, path, value.slice(0, 4).join(","))
    else if (typeof value === "object" && value !== null) {
      if (path.length < 6) addFields(value, settings, path)
    } else if (["string", "number", "boolean"].includes(typeof value)) {
      addAt(settings, path, value as string | number | boolean)
    }
  }
}

const addText = (name: string, text: string, settings: Map<string, string>): void => {
  if (!name.endsWith(".json")) return addYaml(text, settings)
  try {
    const fields: unknown = JSON.parse(text)
    if (typeof fields === "object" && fields !== null) addFields(fields, settings)
  } catch {
    // not the configuration of a run
  }
}

/** Settings beside a log, and the names of the files that have some. */
export interface Beside {
  readonly settings: ReadonlyMap<string, string>
  readonly files: ReadonlyArray<string>
}

/** Reads the configurations beside a log; those that cannot be read are omitted. */
export const read = Effect.fn("Beside.read")(function* (
  path: string,
): Effect.fn.Return<Beside, never, FileSystem.FileSystem> {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "."
  const settings = new Map<string, string>()
  const files: Array<string> = []
  for (const [name, at] of [
    [`${path.slice(path.lastIndexOf("/") + 1)}.json`, `${path}.json`] as const,
    ...inFolder.map((each) => [each, `${folder}/${each}`] as const),
  ]) {
    const bytes = yield* readBytes(at, most.text).pipe(Effect.orElseSucceed(() => undefined))
    if (bytes === undefined || at === path) continue
    const before = settings.size
    addText(name, new TextDecoder().decode(bytes), settings)
    if (settings.size > before) files.push(name)
  }
  return { settings, files }
})
