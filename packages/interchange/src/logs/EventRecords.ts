/**
 * Reader of the records of an event file. Each record has an unsigned length of 8 bytes, its masked checksum, the content, and
 * its masked checksum, all little-endian (TensorFlow's `RecordWriter`).
 */
import { masked } from "./Crc32c.ts"
import { DamagedLog } from "./LogError.ts"

const header = 12
const footer = 4

/** Longest record that is read: records with scalars are short, and longer ones, such as images, are skipped. */
export const longest = 2 ** 24

/** Tests whether bytes begin as an event file does. */
export const isEventFile = (head: Uint8Array): boolean =>
  head.length >= header &&
  new DataView(head.buffer, head.byteOffset).getUint32(8, true) === masked(head.subarray(0, 8))

/** Takes bytes in chunks and passes on whole records. Mutable. */
export class EventRecords {
  readonly #path: string
  readonly #take: (content: Uint8Array) => void
  #rest = new Uint8Array()
  /** Remaining bytes of a long record. */
  #skip = 0
  #at = 0
  count = 0
  /** Number of records whose content has another checksum. */
  wrong = 0
  /** Position from which on the file is unreadable, if any. */
  #damage: { readonly at: number; readonly reason: string } | undefined = undefined

  constructor(path: string, take: (content: Uint8Array) => void) {
    this.#path = path
    this.#take = take
  }

  get isDamaged(): boolean {
    return this.#damage !== undefined
  }

  /** Takes the next bytes; false if nothing more can be read. */
  push(chunk: Uint8Array): boolean {
    let bytes = chunk
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, bytes.length)
      this.#skip -= skipped
      this.#at += skipped
      bytes = bytes.subarray(skipped)
    }
    if (this.#rest.length > 0) {
      const joined = new Uint8Array(this.#rest.length + bytes.length)
      joined.set(this.#rest)
      joined.set(bytes, this.#rest.length)
      bytes = joined
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    while (bytes.length - at >= header && this.#damage === undefined) {
      if (view.getUint32(at + 8, true) !== masked(bytes.subarray(at, at + 8))) {
        this.#damage = { at: this.#at, reason: "the checksum of a length is wrong" }
        break
      }
      const length = Number(view.getBigUint64(at, true))
      const whole = header + length + footer
      if (length > longest) {
        const here = Math.min(whole, bytes.length - at)
        this.#skip = whole - here
        this.#at += here
        at += here
        continue
      }
      if (bytes.length - at < whole) break
      const content = bytes.subarray(at + header, at + header + length)
      if (view.getUint32(at + header + length, true) === masked(content)) {
        this.count++
        this.#take(content)
      } else this.wrong++
      at += whole
      this.#at += whole
    }
    this.#rest = bytes.slice(at)
    return this.#damage === undefined
  }

  /** Notes on the file once it has ended. Throws DamagedLog if the file had no complete record. */
  finish(): ReadonlyArray<string> {
    const isCut = this.#skip > 0 || (this.#rest.length > 0 && this.#damage === undefined)
    const stops = this.#damage ?? (isCut ? { at: this.#at, reason: "it is truncated" } : undefined)
    if (this.count === 0) {
      const reason = stops?.reason ?? (this.wrong > 0 ? "every checksum is wrong" : "it is empty")
      throw new DamagedLog({
        path: this.#path,
        place: `byte ${stops?.at ?? 0}`,
        reason: `${reason}, and no event record is complete; check that the file was copied completely`,
      })
    }
    return [
      ...(stops === undefined
        ? []
        : [
            this.#damage === undefined
              ? `the last record is truncated at byte ${stops.at}, as in a run that is in progress or was killed: read up to there`
              : `damaged at byte ${stops.at} (${stops.reason}): read up to there`,
          ]),
      ...(this.wrong === 0 ? [] : [`ignored: ${this.wrong} event records with a wrong checksum`]),
    ]
  }
}
