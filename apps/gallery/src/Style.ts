/** Style sheet of the page: light and dark, for narrow screens and for print. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f8fa; --ink: #1f2328; --muted: #59636e; --line: #d8dee4;
  --grid: #e4e7eb; --axis: #9aa4af; --link: #0056a6; --good: #1a7f37; --good-back: #dafbe1;
  --bad: #b3261e; --bad-back: #ffe5e2; --note: #7a5300; --note-back: #fff4d6;
  --series-1: #0072b2; --series-2: #d55e00; --series-3: #009e73; --series-4: #b8558f;
  --series-5: #c98600; --series-6: #3a9bd1; --series-7: #7f7f7f;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --raised: #1d2127; --ink: #e6e9ed; --muted: #9aa4af; --line: #343b44;
    --grid: #2a3038; --axis: #66707b; --link: #6cb6ff; --good: #57c773; --good-back: #12351f;
    --bad: #ff8a80; --bad-back: #47201d; --note: #e5b95c; --note-back: #3c2f10;
    --series-1: #4aa8e0; --series-2: #f0854a; --series-3: #2fc79a; --series-4: #e19ac3;
    --series-5: #f0b53a; --series-6: #8fd0f5; --series-7: #a3a9b0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 86rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
main:focus { outline: none; }
[hidden] { display: none !important; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
#app h1 { font-size: 1.55rem; line-height: 1.25; margin: .6rem 0 .4rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .2rem; }
p { margin: .4rem 0 .9rem; max-width: 46rem; }
a { color: var(--link); }
.lede { font-size: 1.1rem; color: var(--muted); }
.muted, .source { color: var(--muted); }
.source { font-size: .875rem; }
code, .mono { font: max(.875rem, .86em)/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
code.copy { user-select: all; background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: .1em .35em; cursor: copy; }
.bar { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.2rem; padding: .45rem 1.5rem; background: var(--paper); border-bottom: 1px solid var(--line); font-size: .9rem; }
.bar > a:first-child { font-weight: 700; color: var(--ink); text-decoration: none; }
.bar input { flex: 0 1 20rem; margin-left: auto; }
.contents { margin: 0; position: relative; }
.contents nav { position: absolute; left: 0; width: min(30rem, 88vw); max-height: 75vh; overflow: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .7rem 1rem; }
.contents ul { margin: 0; padding: 0; list-style: none; } .contents ul ul { padding-left: 1rem; } .contents li { margin: .2rem 0; }
input, select, button { font: inherit; font-size: .88rem; color: var(--ink); background: var(--paper); border: 1px solid var(--axis); border-radius: 5px; padding: .15rem .5rem; max-width: 100%; }
button { cursor: pointer; } button:disabled { cursor: default; color: var(--muted); }
button.plain { border: 0; padding: 0; background: none; font-weight: 600; color: inherit; }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; max-width: none; font-size: .88rem; }
.choices label { display: grid; gap: .1rem; color: var(--muted); font-size: .875rem; }
.hits { list-style: none; padding: 0; } .hits li { border-top: 1px solid var(--line); padding: .5rem 0; } .hits p { margin: .1rem 0; color: var(--muted); font-size: .92rem; }
.closer fieldset { border: 1px solid var(--line); border-radius: 6px; display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .4rem 0; font-size: .88rem; } .closer { max-width: 34rem; font-size: .88rem; }
.toy { container-type: inline-size; } .toy h2 { margin-top: 1rem; } .toy > p { margin-bottom: .4rem; } .toy canvas { display: block; width: 100%; height: min(26rem, 84cqw); } .toy canvas[tabindex] { touch-action: none; } .toy .curve { height: 9.5rem; margin-top: .4rem; }
.board { display: grid; grid-template-columns: minmax(0, 1fr); gap: .4rem 1.6rem; } .scene { min-width: 0; } .controls { min-width: 0; } .controls p { margin: .4rem 0; } .controls .try { font-size: .92rem; }
.knobs { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .3rem 1rem; margin: .5rem 0; font-size: .9rem; } .knobs label { display: grid; } .knobs label > span { display: flex; justify-content: space-between; gap: .5rem; } .knobs .value { font-variant-numeric: tabular-nums; color: var(--muted); } .knobs input { padding: 0; width: 100%; min-height: 1.6rem; } .preset { border-radius: 1rem; }
@container (min-width: 54rem) { .board { grid-template-columns: minmax(0, 1fr) 20rem; } .knobs { grid-template-columns: 1fr; } .toy canvas:not(.curve) { height: 24rem; } .toy > p { max-width: 66rem; } }
.hero-toy :is(.curve, .try) { display: none; } .stage canvas { max-width: 56rem; height: min(26rem, 70vw); }
.frame { display: flex; flex-wrap: wrap; gap: .3rem; }
pre { font: max(.875rem, .86em)/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; margin: .4rem 0; }
.shape svg { width: 18rem; max-width: 100%; } .shape text { font-size: 14px; fill: var(--muted); }
.picture { position: relative; min-height: 14rem; }
.tip { position: absolute; z-index: 1; max-width: 20rem; pointer-events: none; background: var(--raised); border: 1px solid var(--axis); border-radius: 5px; padding: .25rem .5rem; font-size: .875rem; line-height: 1.35; }
[data-picture] svg { display: block; max-width: 100%; max-height: 12rem; }
.hero { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem 2.4rem; margin: .6rem 0 1rem; }
.hero .lede { font-size: 1.15rem; } .hero > div { min-width: 0; } .hero-toy .toy { display: flex; flex-direction: column; } .hero-toy .toy > p:not([role]) { order: 1; } .hero-toy { border: 1px solid var(--line); border-radius: 10px; padding: .7rem 1rem; min-height: 26rem; }
.hero-toy h2 { margin: 0 0 .2rem; font-size: 1.05rem; } .hero-toy p { font-size: .92rem; max-width: none; margin: .2rem 0 .5rem; } .hero-toy canvas { height: min(17rem, 60vw); }
.surprises h2 { font-size: 1.05rem; margin: 1.1rem 0 .3rem; } .surprises ul { margin: 0; padding: 0; list-style: none; } .surprises li { margin: .25rem 0; } @media screen and (max-width: 62rem) { .surprises { display: none; } }
.numbers { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .7rem; list-style: none; margin: 1rem 0; padding: 0; }
.numbers a { display: block; height: 100%; border: 1px solid var(--line); border-radius: 10px; padding: .6rem .8rem; text-decoration: none; color: var(--muted); font-size: .9rem; line-height: 1.35; } .numbers a:hover { border-color: var(--link); }
.numbers strong { display: block; color: var(--ink); font-size: 1.5rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.doors { display: flex; flex-wrap: wrap; gap: .6rem; max-width: none; } .door { border: 1px solid var(--line); border-radius: 8px; background: var(--raised); padding: .35rem .9rem; text-decoration: none; font-weight: 600; font-size: .95rem; } .door.main { background: var(--link); border-color: var(--link); color: var(--paper); }
.papers { list-style: none; margin: .4rem 0 1.6rem; padding: 0; }
.papers > li { border-top: 1px solid var(--line); padding: .8rem 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: .3rem 1.4rem; }
.papers p { margin: 0 0 .2rem; max-width: none; } .papers .who { color: var(--muted); font-size: .9rem; } .papers .who a { color: inherit; } .papers .asked { color: var(--ink); font-weight: 650; text-decoration: none; } .papers .asked:hover { text-decoration: underline; }
.picture-of { display: block; } .picture-of [data-picture] svg { width: 100%; height: auto; max-height: 13rem; }
.sure { list-style: none; margin: .2rem 0; padding: 0; color: var(--muted); font-size: .875rem; line-height: 1.5; } .sure li { margin: .15rem 0; }
.chips { display: flex; flex-wrap: wrap; gap: .35rem; align-content: flex-start; } a.badge { text-decoration: none; } a.badge:hover { text-decoration: underline; }
@media screen and (min-width: 62rem) { .hero { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); grid-template-rows: auto 1fr; } .hero-toy { grid-area: 1 / 2 / 3 / 3; } .hero h1 { font-size: 2.6rem; line-height: 1.12; } .papers > li { grid-template-columns: 15rem minmax(0, 1fr) 18.5rem; } }
@media screen and (min-width: 40rem) and (max-width: 62rem) { .papers > li { grid-template-columns: 13rem minmax(0, 1fr); } .papers .picture-of { grid-row: 1 / 3; } }
.beside { color: var(--muted); font-weight: normal; font-size: .92em; }
.term { color: inherit; text-decoration: underline dotted var(--axis); text-underline-offset: .2em; } .term:hover { color: var(--link); }
.glossary dt { color: var(--ink); font-weight: 600; scroll-margin-top: 4rem; } .bibtex { overflow-x: auto; } .bibtex code.copy { display: block; white-space: pre; padding: .5rem .7rem; overflow-wrap: normal; width: fit-content; min-width: min(100%, 40rem); }
.behind { border-top: 1px solid var(--line); padding: .5rem 0; } .behind p { margin: .1rem 0; }
.about { border-top: 1px solid var(--line); padding-top: .6rem; }
.answered { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1.1rem; margin: .8rem 0; max-width: 60rem; } .answered .lede { color: var(--ink); font-size: 1.08rem; margin: 0 0 .5rem; max-width: none; } .answered .chips { margin: .6rem 0 0; max-width: none; }
.article-toy { border: 1px solid var(--line); border-radius: 10px; padding: .3rem 1.1rem 1rem; margin: 1.4rem 0; min-height: 24rem; }
.article > .erratum, .article .shown { max-width: 60rem; } .shown { margin: 1.4rem 0; } .shown > p { font-size: .92rem; margin-top: .5rem; } .revised li { margin: .4rem 0; max-width: 46rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.6rem 0; padding: 0; list-style: none; }
.tiles li { flex: 1 1 11rem; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; }
.tiles strong { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--muted); font-size: .9rem; }
.callout { border-left: 4px solid var(--bad); background: var(--bad-back); padding: .7rem 1rem; margin: 1.2rem 0; border-radius: 0 6px 6px 0; }
.callout ul { margin: .3rem 0; padding-left: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem; font-size: .92rem; }
th { text-align: left; font-weight: 600; font-size: .875rem; color: var(--muted); padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--ink); vertical-align: bottom; white-space: nowrap; }
td { padding: .6rem .8rem .6rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.rows td, .rows th { padding: .15rem .8rem .15rem 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
.verdicts td:first-child { width: 7rem; } .verdicts td.statement { min-width: 14rem; }
.statement p { margin: 0 0 .2rem; }
.badge { display: inline-block; border-radius: 1rem; padding: .05rem .6rem; font-size: .875rem; font-weight: 600; white-space: nowrap; }
.badge.good { color: var(--good); background: var(--good-back); }
.badge.bad { color: var(--bad); background: var(--bad-back); }
.badge.note { color: var(--note); background: var(--note-back); }
.margin svg { display: block; margin-top: .3rem; }
details { margin: .3rem 0; }
summary { cursor: pointer; color: var(--link); }
details > ul { margin: .4rem 0; padding-left: 1.1rem; }
details li { margin-bottom: .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: .6rem 0; font-size: .92rem; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.erratum { border: 1px solid var(--line); border-left: 4px solid var(--note); border-radius: 0 8px 8px 0; padding: .9rem 1.2rem; margin: .9rem 0; }
.figures { display: flex; flex-wrap: wrap; gap: 1.6rem 2.4rem; margin: 1.2rem 0; }
.figures > * { flex: 1 1 100%; min-width: 0; }
figure { margin: 0; flex: 1 1 100%; max-width: min(100%, 45rem); break-inside: avoid; }
figure svg { max-width: 100%; height: auto; display: block; }
@media screen and (max-width: 30rem) {
  main { padding: .3rem .9rem 3rem; } .bar { padding: .35rem .9rem; } .bar input { flex: 1 1 100%; }
  .bar .wide { display: none; } h1 { font-size: 1.5rem; } #app h1 { font-size: 1.3rem; } .answered { padding: .6rem .8rem; } .article-toy { padding: .2rem .6rem .6rem; } .numbers { grid-template-columns: 1fr; gap: .4rem; } .numbers a { padding: .3rem .6rem; } .numbers strong { display: inline; font-size: 1.1rem; } .hero-toy { min-height: 22rem; padding: .4rem .6rem; } .hero-toy canvas { height: 11rem; } .hero .lede { font-size: .95rem; line-height: 1.4; margin: 0; } .hero { margin: 0; gap: .6rem; } .hero h1 { font-size: 1.3rem; }
  dl { grid-template-columns: 1fr; } dt { margin-top: .3rem; }
  table.verdicts thead { display: none; } table.verdicts :is(tbody, tr, td) { display: block; } table.verdicts td { width: auto; padding: .1rem 0; border: 0; } table.verdicts tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .toy canvas.many { height: 150vw; }
}
.place { color: var(--muted); text-decoration: none; font-weight: 400; margin-left: .35rem; opacity: 0; } .place::before { content: "#"; } :is(h2, h3, figcaption):hover .place, .place:focus { opacity: 1; } @media (hover: none) { .place { opacity: 1; } }
:is(h2, h3, figure)[id] { scroll-margin-top: 3.6rem; } h1, h2, h3, h4 { overflow-wrap: anywhere; }
figcaption { max-width: 45rem; font-size: .88rem; color: var(--muted); margin-top: .4rem; }
figcaption strong { display: block; color: var(--ink); font-size: .95rem; }
.paper { font-size: .78rem; line-height: 1.3; } .paper p { max-width: none; margin: .1rem 0 .25rem; } .paper h2 { margin: 1.4rem 0 .2rem; } .paper h3 { margin: .7rem 0 .1rem; font-size: .86rem; }
.paper .short, .paper .columns { columns: 2 17rem; column-gap: 1.4rem; } .paper .short { list-style: none; padding: 0; margin: .3rem 0; font-size: .68rem; } .paper .short li { break-inside: avoid; margin-bottom: .2rem; } .paper .short .badge { font-size: .58rem; padding: 0 .35rem; } .paper .short .source { font-size: .62rem; }
.paper .figures { display: block; margin: .2rem 0; } .paper figure { margin-bottom: .4rem; } .paper figure svg { max-width: 100%; max-height: 17rem; } .paper figcaption { font-size: .66rem; margin: 0; }
@media print {
  :root { color-scheme: light; } @page { margin: 12mm; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; } .bar, .tools, .closer, .place { display: none; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
  a { color: inherit; text-decoration: none; } .scroll { overflow: visible; } .screen { display: none; }
}
`
