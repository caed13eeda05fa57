/** What the program and the process that runs claims say to each other. */

export interface Task {
  /** The folder of the package under `packages`. */
  readonly system: string
  /** Folders under `packages` whose modules are loaded anew. */
  readonly folders: ReadonlyArray<string>
  /** By path from the root, the source that takes the file's place. */
  readonly sources: Readonly<Record<string, string>>
  /** Instances of each claim, as `verify --runs --seed` draws them. */
  readonly runs: number
  readonly seed: number
  /** The claims to try, in this order; all of them where it is absent. */
  readonly claims?: ReadonlyArray<string>
  /** How many places report that they are reached; without it, the search stops at the first claim that fails. */
  readonly places?: number
}

/** What became of a claim: undefined where it held. */
export type Failure = "falsified" | "broken" | undefined

export type Reply =
  | { readonly _tag: "Begun"; readonly claim: string }
  | {
      readonly _tag: "Tried"
      readonly claim: string
      readonly failure: Failure
      readonly milliseconds: number
      /** The places that were reached, where they were asked for. */
      readonly reached: ReadonlyArray<number>
    }
  /** The modules could not be loaded, with the reason. */
  | { readonly _tag: "NotLoaded"; readonly reason: string }
  | { readonly _tag: "Done" }
