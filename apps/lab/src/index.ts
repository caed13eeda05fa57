export { lab } from "./cli/Lab.ts"
export { run } from "./cli/Program.ts"
export {
  isOnErratum,
  read as readErrata,
  unread as unreadErrata,
} from "./evidence/report/Errata.ts"
export { Html, html, nothing, prose, trusted } from "./evidence/report/Html.ts"
export { Results } from "./evidence/report/Results.ts"
export { Systems } from "./evidence/Systems.ts"
