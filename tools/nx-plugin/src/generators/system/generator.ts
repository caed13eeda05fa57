/** `npx nx g @nonconvex/nx-plugin:system <name>`: a paper as a package, every room furnished, in the lab. */
import { formatFiles, generateFiles, installPackagesTask, readJson, type Tree } from "@nx/devkit"
import { join } from "node:path"
import * as Workspace from "../../Workspace.ts"
import references from "../references.ts"
import * as Register from "./Register.ts"

export interface Options {
  /** Kebab-case. */
  readonly name: string
  readonly title: string
  readonly paper: string
  readonly authors: string
  readonly venue: string
  readonly year: number
  readonly arxiv: string
  readonly skipInstall: boolean
}

/** `optim-sam` -> `OptimSam`. */
const pascal = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")

/** `Yan Dai, Kwangjun Ahn` and 2023 -> `Dai, Ahn 2023`. */
const citation = ({ authors, year }: Options): string => {
  const surnames = authors.split(",").map((author) => author.trim().split(" ").at(-1))
  return `${surnames.join(", ")} ${year}`
}

const changeset = (name: string, title: string): string =>
  `---\n"@nonconvex/${name}": minor\n---\n\nAdd ${name}: ${title}.\n`

/** Writes the package, registers it in the lab, and follows both with tsconfig references and a changeset. */
export default async (tree: Tree, options: Options): Promise<() => void> => {
  const { name, skipInstall, title } = options
  const folder = `packages/${name}`
  if (tree.exists(folder)) throw new Error(`${folder} exists already`)
  const { packages } = Workspace.fromTree(tree)
  // All packages share one version (the fixed group of .changeset/config.json).
  const version = packages.find((p) => p.layer === "core")?.manifest.version ?? "0.1.0"
  const className = pascal(name)
  generateFiles(tree, join(import.meta.dirname, "files"), folder, {
    ...options,
    className,
    version,
    repository: readJson<Workspace.Manifest>(tree, "package.json").repository?.url,
    citation: citation(options),
    description: `${title}, with its theory as tests.`,
  })
  tree.write(`${folder}/LICENSE`, tree.read("LICENSE") ?? "")
  Register.inLab(tree, { name, version })
  tree.write(`.changeset/add-${name}.md`, changeset(name, title))
  references(tree)
  await formatFiles(tree)
  return () => {
    if (!skipInstall) installPackagesTask(tree, true)
    console.log(
      [
        `\n${folder} is a working system: gradient descent on quadratics, to be replaced room by room.`,
        `  npx nx run ${name}:claims        try to break its claims`,
        `  npx vitest run --project ${name}`,
        "  npm run check",
      ].join("\n"),
    )
  }
}
