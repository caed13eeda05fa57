/** The browser of this machine, where it has one. */
import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

export const candidates = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
]

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Starts it; undefined where there is none. */
export const launch = async (): Promise<Browser | undefined> => {
  const executablePath = candidates.find((path) => existsSync(path))
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: flags })
}
