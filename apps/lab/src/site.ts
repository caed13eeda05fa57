/** Parts of a report that the website of the project shows as well. */
export {
  isOnErratum,
  read as readErrata,
  unread as unreadErrata,
} from "./evidence/report/Errata.ts"
export { namesOf as namesOfPaper } from "./evidence/report/Cite.ts"
export { render as renderArticle } from "./evidence/report/Article.ts"
export { keyOf as figureKeyOf } from "./evidence/report/Drawings.ts"
export { Html, html, nothing, prose, trusted } from "./evidence/report/Html.ts"
export { render as renderGlossary, terms as glossaryTerms } from "./evidence/report/GlossaryPage.ts"
export { render as renderHome } from "./evidence/report/Home.ts"
export { all as allTheorems, theoremsOf } from "./evidence/report/Theorems.ts"
export { Results } from "./evidence/report/Results.ts"
