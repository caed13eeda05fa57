/** The command line in the process of the test, on threads that stay for the next command. */
import * as Captured from "./Captured.ts"
import { keeping } from "./KeptThreads.ts"

/** Runs `nonconvex <args>` to its end, whatever it is, or interrupts it when `until` is there. */
export const nonconvex = (...given: Parameters<typeof Captured.nonconvex>) =>
  keeping(Captured.nonconvex(...given))
