/** The generator of the operating system, by the Web Cryptography of browsers and node. */
import { type Cryptographic, cryptographic } from "./Cryptographic.ts"

/** `crypto.getRandomValues`, at most 2^14 words at once: the source of every release that protects someone. */
export const operatingSystem: Cryptographic = cryptographic((words) => {
  crypto.getRandomValues(words)
})
