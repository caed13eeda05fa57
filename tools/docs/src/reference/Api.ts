/** What the packages export, with what is said of it: read from the sources by typedoc. */
import * as Exports from "@nonconvex/nx-plugin/Exports"
import * as Files from "@nonconvex/nx-plugin/Files"
import * as Workspace from "@nonconvex/nx-plugin/Workspace"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  Application,
  type JSONOutput,
  LogLevel,
  type NormalizedPath,
  ReflectionKind,
  TSConfigReader,
} from "typedoc"
import * as TypeText from "./TypeText.ts"

type Declaration = JSONOutput.DeclarationReflection

export type Kind = "function" | "class" | "interface" | "type" | "constant"

/** Something that a module exports. */
export interface Item {
  readonly name: string
  readonly kind: Kind
  /** Its declaration in TypeScript, without a body. */
  readonly declaration: string
  /** What its docblock says, as Markdown, with examples. */
  readonly text: string
  readonly hasExample: boolean
  /** From the root, with the line: `packages/numerics/src/Lanczos.ts#L12`. */
  readonly source: string
}

/** A name that a module passes on from another. */
export interface PassedOn {
  readonly name: string
  /** The module that has it, and the name there; no name for the whole module. */
  readonly module: string
  readonly as?: string
}

export interface Module {
  /** What is imported: `@nonconvex/numerics/Lanczos`; a namespace has its name behind a dot. */
  readonly specifier: string
  readonly package: string
  readonly text: string
  readonly items: ReadonlyArray<Item>
  readonly passedOn: ReadonlyArray<PassedOn>
}

/** An entry: what is imported, and the source of it from the root. */
interface Entry {
  readonly package: string
  readonly specifier: string
  readonly file: string
}

/**
 * The entries that packages export, of those in `only`, by their short names, or of all. Entries below `./internal` are for
 * other packages of this repository.
 */
export const entries = (root: string, only?: ReadonlyArray<string>): ReadonlyArray<Entry> => {
  const files = Files.list(root)
  return Workspace.read(root)
    .packages.filter(({ layer, short }) => layer !== "tool" && (only?.includes(short) ?? true))
    .flatMap(({ folder, manifest, name, short }) => {
      const own = files
        .filter((file) => file.startsWith(`${folder}/`))
        .map((file) => `.${file.slice(folder.length)}`)
      return (
        Exports.subpaths(manifest, own)
          .filter((subpath) => !subpath.startsWith("./internal/"))
          .map((subpath) => ({ subpath, source: Exports.source(manifest, subpath)! }))
          .filter(({ source, subpath }) => /\.tsx?$/.test(source) && subpath !== "./bundles")
          .map(({ source, subpath }) => ({
            package: short,
            specifier: `${name}${subpath.slice(1)}`,
            file: `${folder}${source.slice(1)}`,
          }))
          .toSorted((a, b) => a.specifier.length - b.specifier.length)
          // `./index` is the package itself
          .filter(({ file }, i, all) => all.findIndex((each) => each.file === file) === i)
      )
    })
}

const kinds: ReadonlyMap<number, Kind> = new Map([
  [ReflectionKind.Function, "function"],
  [ReflectionKind.Class, "class"],
  [ReflectionKind.Interface, "interface"],
  [ReflectionKind.TypeAlias, "type"],
  [ReflectionKind.Variable, "constant"],
])

const joined = (parts: ReadonlyArray<JSONOutput.CommentDisplayPart>): string =>
  parts.map((part) => (part.kind === "inline-tag" ? `\`${part.text}\`` : part.text)).join("")

/** A docblock as Markdown: examples as they stand, other tags by their name. */
const markdown = (comment: JSONOutput.Comment | undefined): string => {
  if (comment === undefined) return ""
  const tags = (comment.blockTags ?? []).map(({ content, tag }) =>
    tag === "@example" ? joined(content) : `**${tag.slice(1)}** ${joined(content)}`,
  )
  return [joined(comment.summary), ...tags].join("\n\n").trim()
}

const itemOf = (declaration: Declaration, kind: Kind): Item => {
  const { comment, signatures = [], sources = [] } = declaration
  const text = markdown(comment ?? signatures[0]?.comment)
  const [at] = sources
  return {
    name: declaration.name,
    kind,
    declaration: TypeText.ofDeclaration(declaration, kind),
    text,
    hasExample: text.includes("```"),
    source: at === undefined ? "" : `${at.fileName}#L${at.line}`,
  }
}

/** What a file says of itself before its first import. */
const opening = (file: string): string => {
  const [, block] = /^\s*\/\*\*(.*?)\*\//s.exec(readFileSync(file, "utf8")) ?? []
  return (block ?? "").replaceAll(/^[ \t]*\*[ \t]?/gm, "").trim()
}

/** Settings of the compiler for these files alone: the rest of the workspace takes as long to read again. */
const settings = (root: string, files: ReadonlyArray<string>): string =>
  JSON.stringify({
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      lib: ["es2024", "esnext.array", "dom", "dom.iterable"],
      jsx: "react-jsx",
      jsxImportSource: "preact",
      typeRoots: [join(root, "node_modules/@types")],
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
    },
    files,
  })

/** Reads the exports of packages: of all, or of those in `only`. It takes some twenty seconds of a core for all. */
export const read = async (
  root: string,
  only?: ReadonlyArray<string>,
): Promise<ReadonlyArray<Module>> => {
  const known = entries(root, only)
  const entryPoints = known.map(({ file }) => join(root, file))
  const scratch = mkdtempSync(join(tmpdir(), "nonconvex-reference-"))
  const clean = () => rmSync(scratch, { recursive: true, force: true })
  // Ctrl-C ends the program without coming to the end of this function
  process.once("exit", clean)
  try {
    const tsconfig = join(scratch, "tsconfig.json")
    writeFileSync(tsconfig, settings(root, entryPoints))
    const app = await Application.bootstrap(
      {
        entryPoints,
        tsconfig,
        basePath: root,
        displayBasePath: root,
        skipErrorChecking: true,
        excludeExternals: true,
        excludeInternal: true,
        excludePrivate: true,
        disableGit: true,
        sourceLinkTemplate: "{path}",
        gitRevision: "main",
        logLevel: LogLevel.None,
      },
      [new TSConfigReader()],
    )
    const project = await app.convert()
    if (project === undefined) throw new Error("typedoc could not read the sources")
    const { children = [], ...whole } = app.serializer.projectToObject(
      project,
      root as NormalizedPath,
    )
    const [first] = known
    if (known.length !== 1 || first === undefined) return modulesOf(root, known, children)
    // of a single entry the project is its module
    const sources = [{ fileName: first.file, line: 1, character: 0 }]
    return modulesOf(root, known, [
      { ...whole, children, variant: "declaration", sources } as Declaration,
    ])
  } finally {
    clean()
  }
}

const fileOf = ({ sources = [] }: Declaration): string => sources[0]?.fileName ?? ""

/** The modules of what typedoc found; a module all of whose parts are internal is none. */
export const modulesOf = (
  root: string,
  known: ReadonlyArray<Entry>,
  found: ReadonlyArray<Declaration>,
): ReadonlyArray<Module> => {
  const specifiers = new Map(known.map((entry) => [entry.file, entry]))
  /** Where each id lives. */
  const homes = new Map<number, { readonly module: string; readonly as?: string }>()
  const collected: Array<{ readonly entry: Entry; readonly declaration: Declaration }> = []
  const collect = (declaration: Declaration, entry: Entry): void => {
    collected.push({ declaration, entry })
    homes.set(declaration.id, { module: entry.specifier })
    for (const child of declaration.children ?? []) {
      if (child.kind === ReflectionKind.Namespace) {
        collect(child, {
          ...entry,
          specifier: `${entry.specifier}.${child.name}`,
          file: fileOf(child),
        })
      } else if (kinds.has(child.kind)) {
        homes.set(child.id, { module: entry.specifier, as: child.name })
      }
    }
  }
  for (const declaration of found) {
    const entry = specifiers.get(fileOf(declaration))
    if (entry !== undefined) collect(declaration, entry)
  }
  const modules = collected.map(({ declaration, entry }): Module => {
    const children = declaration.children ?? []
    return {
      specifier: entry.specifier,
      package: entry.package,
      text: markdown(declaration.comment) || opening(join(root, entry.file)),
      items: children.flatMap((child) => {
        const kind = kinds.get(child.kind)
        return kind === undefined ? [] : [itemOf(child, kind)]
      }),
      passedOn: children.flatMap((child): ReadonlyArray<PassedOn> => {
        if (child.kind === ReflectionKind.Namespace) {
          return [{ name: child.name, module: `${entry.specifier}.${child.name}` }]
        }
        const target = "target" in child ? homes.get(child.target) : undefined
        return target === undefined ? [] : [{ name: child.name, ...target }]
      }),
    }
  })
  const isEmpty = ({ items, passedOn }: Module): boolean => items.length + passedOn.length === 0
  const empty = new Set(modules.filter(isEmpty).map(({ specifier }) => specifier))
  return modules
    .map((each) => ({
      ...each,
      passedOn: each.passedOn.filter(({ as, module }) => as !== undefined || !empty.has(module)),
    }))
    .filter((each) => !isEmpty(each))
    .toSorted((a, b) => (a.specifier < b.specifier ? -1 : 1))
}
