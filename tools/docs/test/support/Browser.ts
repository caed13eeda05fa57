/** The browser of this machine, where it has one. */
import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

const executablePath = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => existsSync(path))

/** Starts it; undefined where there is none, which is said. */
export const launch = async (): Promise<Browser | undefined> => {
  if (executablePath === undefined) {
    console.info("skipped: there is no browser in /usr/bin")
    return undefined
  }
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
  })
}
