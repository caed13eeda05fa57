/** Script of the page. */
import { render } from "preact"
import { App } from "./App.tsx"
import * as Packed from "./Packed.ts"
import { showPictures } from "./Pictures.ts"

const copyOnClick = (event: MouseEvent): void => {
  const code = event.target instanceof Element ? event.target.closest("code.copy") : null
  if (code !== null) void navigator.clipboard?.writeText(code.textContent)
}

const start = async (): Promise<void> => {
  const index = await Packed.contents()
  const home = document.querySelector<HTMLElement>("#home")!
  showPictures(home, index.pictures)
  render(<App home={home} index={index} />, document.querySelector("#app")!)
  addEventListener("click", copyOnClick)
}

void start()
