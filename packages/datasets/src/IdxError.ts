/** Errors of a file in the IDX format, with the expected and the found numbers. */
import { Schema } from "effect"
import type { FileError, TooManyBytes } from "./FileError.ts"

const hexadecimal = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`

/** The first four bytes are not those of an IDX file of unsigned bytes with this many dimensions. */
export class BadMagic extends Schema.TaggedError<BadMagic>()("BadMagic", {
  path: Schema.String,
  expected: Schema.Int,
  found: Schema.Int,
}) {
  override get message(): string {
    return (
      `${this.path}: not the expected IDX file: magic number ${hexadecimal(this.expected)} ` +
      `expected, ${hexadecimal(this.found)} found; check that images and labels are not swapped`
    )
  }
}

/** The header states another number of bytes than the file holds. */
export class WrongLength extends Schema.TaggedError<WrongLength>()("WrongLength", {
  path: Schema.String,
  // A corrupt header can announce more than 2^53 bytes, which Schema.Int refuses.
  expected: Schema.Number,
  found: Schema.Int,
}) {
  override get message(): string {
    const what = this.found < this.expected ? "truncated" : "longer than its header says"
    return (
      `${this.path}: ${what}: ${this.expected} bytes expected, ${this.found} found; ` +
      "fetch the file again"
    )
  }
}

/** A size in the header is 0, so the file has no data. */
export class EmptyIdx extends Schema.TaggedError<EmptyIdx>()("EmptyIdx", {
  path: Schema.String,
  sizes: Schema.Array(Schema.Int),
}) {
  override get message(): string {
    return `${this.path}: it is empty: its sizes are ${this.sizes.join(" x ")}; fetch the file again`
  }
}

/** The gzip stream is truncated or corrupt. */
export class CorruptGzip extends Schema.TaggedError<CorruptGzip>()("CorruptGzip", {
  path: Schema.String,
  compressedBytes: Schema.Int,
  reason: Schema.String,
}) {
  override get message(): string {
    return (
      `${this.path}: not a complete gzip file (${this.reason} in ${this.compressedBytes} bytes); ` +
      "fetch the file again"
    )
  }
}

/** Images and labels do not belong together. */
export class CountMismatch extends Schema.TaggedError<CountMismatch>()("CountMismatch", {
  imagesPath: Schema.String,
  labelsPath: Schema.String,
  images: Schema.Int,
  labels: Schema.Int,
}) {
  override get message(): string {
    return (
      `${this.imagesPath} has ${this.images} images but ${this.labelsPath} has ${this.labels} ` +
      "labels; use two files of the same set"
    )
  }
}

/** A label is not the number of a class. */
export class LabelOutOfRange extends Schema.TaggedError<LabelOutOfRange>()("LabelOutOfRange", {
  path: Schema.String,
  index: Schema.Int,
  label: Schema.Int,
  classes: Schema.Int,
}) {
  override get message(): string {
    return (
      `${this.path}: label ${this.index} is ${this.label}, expected 0 to ${this.classes - 1}; ` +
      "check that the file belongs to this set"
    )
  }
}

/** Errors when reading one IDX file. */
export type IdxError = FileError | TooManyBytes | CorruptGzip | BadMagic | EmptyIdx | WrongLength

/** Errors when reading images with their labels. */
export type LabelledImagesError = IdxError | CountMismatch | LabelOutOfRange
