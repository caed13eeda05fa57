/** Records of the binary version of CIFAR-10. */
import { Schema } from "effect"
import type { Dataset } from "../Dataset.ts"
import { type FileError, type TooManyBytes } from "../FileError.ts"
import { LabelOutOfRange } from "../IdxError.ts"

export const provenance: Dataset["provenance"] = {
  source: "https://www.cs.toronto.edu/~kriz/cifar.html (binary version)",
  licence: "none stated",
  notice: "CIFAR-10, A. Krizhevsky, V. Nair, G. Hinton 2009",
}

export const side = 32

export const channels = 3

export const pixels = side * side

export const record = 1 + channels * pixels

/** Maximum number of records of a file of the set; a larger file is refused unread. */
export const mostRecords = 10_000

/** The size of the file is not a multiple of a record, is zero, or exceeds every file of the set. */
export class NotCifar10 extends Schema.TaggedError<NotCifar10>()("NotCifar10", {
  path: Schema.String,
  bytes: Schema.Number,
}) {
  override get message(): string {
    return (
      `${this.path}: ${this.bytes} bytes are not between 1 and ${mostRecords} records of ${record} bytes; ` +
      "fetch the binary version of CIFAR-10 again"
    )
  }
}

export type ReadError = FileError | LabelOutOfRange | NotCifar10 | TooManyBytes
