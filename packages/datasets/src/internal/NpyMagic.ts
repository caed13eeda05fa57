/** First bytes of an array of NumPy. */
import { magic } from "./NpyWriting.ts"

/**
 * Tests whether bytes begin as an array of NumPy.
 *
 * @internal
 */
export const isNpy = (bytes: Uint8Array): boolean => magic.every((byte, k) => bytes[k] === byte)
