/** Every check, the slow ones first, so that the quick ones fill the gaps. */
import type { Check } from "./Check.ts"
import { bundle } from "./checks/bundle.ts"
import { changesets } from "./checks/changesets.ts"
import { circles } from "./checks/circles.ts"
import { effect } from "./checks/effect.ts"
import { entries } from "./checks/entries.ts"
import { examples } from "./checks/examples.ts"
import { boundaries, published } from "./checks/imports.ts"
import { ids } from "./checks/ids.ts"
import { install } from "./checks/install.ts"
import { length } from "./checks/length.ts"
import { packaging } from "./checks/packaging.ts"
import { paths } from "./checks/paths.ts"
import { deadCode, format, lint, sync, types } from "./checks/programs.ts"
import { prose } from "./checks/prose.ts"
import { theories } from "./checks/theory.ts"
import { versions } from "./checks/versions.ts"

export const all: ReadonlyArray<Check> = [
  types,
  lint,
  packaging,
  deadCode,
  effect,
  examples,
  sync,
  changesets,
  bundle,
  format,
  entries,
  install,
  boundaries,
  published,
  length,
  ids,
  circles,
  paths,
  prose,
  theories,
  versions,
]
