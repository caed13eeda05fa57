/** Types of the part of jsfive in use, which ships none. */
declare module "jsfive" {
  export interface Dataset {
    readonly shape: ReadonlyArray<number>
    readonly dtype: unknown
    readonly value: unknown
    /** Compression filters; null or undefined if uncompressed. */
    readonly _dataobjects: { readonly filter_pipeline?: unknown }
  }
  export interface Group {
    readonly keys: ReadonlyArray<string>
    /** Member of that name; null if a link is broken. */
    get(name: string): Dataset | Group | null
  }
  export class File implements Group {
    constructor(buffer: ArrayBuffer, name: string)
    readonly keys: ReadonlyArray<string>
    readonly attrs: Readonly<Record<string, unknown>>
    get(name: string): Dataset | Group | null
  }
}
