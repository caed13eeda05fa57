/** Types of the part of jsfive in use, which has none of its own. */
declare module "jsfive" {
  export interface Dataset {
    readonly shape: ReadonlyArray<number>
    readonly dtype: unknown
    readonly value: unknown
    /** Compression filters; null or undefined without compression. */
    readonly _dataobjects: { readonly filter_pipeline?: unknown }
  }
  export interface Group {
    readonly keys: ReadonlyArray<string>
    /** The member of that name; null where a link leads nowhere. */
    get(name: string): Dataset | Group | null
  }
  export class File implements Group {
    constructor(buffer: ArrayBuffer, name: string)
    readonly keys: ReadonlyArray<string>
    readonly attrs: Readonly<Record<string, unknown>>
    get(name: string): Dataset | Group | null
  }
}
