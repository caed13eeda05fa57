/** Styles that the site adds to those of the report: running text, code, and a table of contents. */
export const siteStyle = `
.bar > a[aria-current] { color: var(--ink); font-weight: 600; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: .6rem; top: .4rem; z-index: 3; background: var(--paper); padding: .2rem .6rem; }
.contents nav strong { display: block; margin-top: .6rem; font-size: .8rem; color: var(--muted); } .contents nav strong:first-child { margin-top: 0; }
.finder { position: relative; flex: 0 1 20rem; margin-left: auto; } .finder input { width: 100%; }
.found { position: absolute; right: 0; top: 2.1rem; width: min(38rem, 92vw); max-height: 75vh; overflow: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .4rem .9rem .6rem; font-size: .9rem; }
.found ul { list-style: none; margin: 0; padding: 0; } .found li { border-top: 1px solid var(--line); padding: .4rem 0; } .found li p { margin: 0; color: var(--muted); font-size: .85rem; } .found > p { margin: .2rem 0; }
.read { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2.6rem; }
.read > article { min-width: 0; max-width: 58rem; }
.read > article li { margin: .25rem 0; max-width: 46rem; }
.aside, .side { display: none; }
.aside, .side { position: sticky; top: 3.4rem; align-self: start; max-height: calc(100vh - 4rem); overflow: auto; font-size: .875rem; } .aside ul, .side ul { list-style: none; margin: .2rem 0 .5rem; padding: 0; } .aside li { margin: .2rem 0; } .aside li li { padding-left: .9rem; } .side li { margin: .15rem 0; } .side a { text-decoration: none; } .side a:hover { text-decoration: underline; } .side a[aria-current] { color: var(--ink); font-weight: 600; } .side summary { color: var(--ink); font-weight: 600; }
@media screen and (min-width: 62rem) { .read { grid-template-columns: 13rem minmax(0, 1fr); } .side { display: block; } }
@media screen and (min-width: 82rem) { .read { grid-template-columns: 13rem minmax(0, 58rem) minmax(9rem, 1fr); } .aside { display: block; } }
.read h1 { font-size: 1.8rem; margin-top: .8rem; } .read h2 { font-size: 1.3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.read :is(.toy, .surprises) h2 { border-top: 0; padding-top: 0; font-size: 1.05rem; margin-top: .3rem; }
.read h2:target, .read h3:target, .read .entry:target { outline: 2px solid var(--link); outline-offset: .3rem; }
:is(h1, h2, h3, h4, .entry)[id] { scroll-margin-top: 3.6rem; }
.hash { color: var(--muted); text-decoration: none; font-weight: 400; opacity: 0; margin-left: .35rem; } :is(h2, h3, h4):hover .hash, .hash:focus { opacity: 1; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; overflow-x: auto; margin: .6rem 0 1.1rem; font-size: .9rem; }
pre code { overflow-wrap: normal; white-space: pre; font-size: .86rem; }
.c { color: var(--muted); } .s { color: var(--good); } .k { color: var(--link); } .v { color: var(--good); font-weight: 600; }
blockquote { margin: .8rem 0; padding: .1rem 1rem; border-left: 4px solid var(--line); color: var(--muted); }
.read img { max-width: 100%; height: auto; background: #fff; }
.cards { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .8rem 1.6rem; } .read article .cards li { border-top: 1px solid var(--line); padding-top: .4rem; max-width: none; } .cards p { margin: .1rem 0; font-size: .9rem; color: var(--muted); } .cards a { font-weight: 600; }
.entry { border-top: 1px solid var(--line); padding: .9rem 0 .3rem; } .entry h3 { margin: 0 0 .3rem; } .entry h3 .source { font-weight: 400; } .entry dl { grid-template-columns: minmax(6rem, max-content) 1fr; }
.names { columns: 3 14rem; list-style: none; padding: 0; font-size: .9rem; } .read article .names li { margin: 0; padding: .1rem 0; }
.ways { display: flex; flex-wrap: wrap; overflow-wrap: anywhere; justify-content: space-between; gap: 1rem; border-top: 1px solid var(--line); margin-top: 2.4rem; padding-top: .8rem; font-size: .92rem; }
math[display="block"] { overflow-x: auto; overflow-y: hidden; margin: .8rem 0; }
.read .picture-of { display: none; } .read .papers > li { grid-template-columns: minmax(0, 1fr); } .read article .papers li { max-width: none; } .read .hero h1 { font-size: 2.1rem; } .read .numbers { grid-template-columns: 1fr; } .read .numbers strong { display: inline; font-size: 1.2rem; }
@media screen and (max-width: 30rem) { .bar { position: static; } :is(h1, h2, h3, h4, .entry)[id] { scroll-margin-top: .5rem; } .finder { flex: 1 1 100%; } .read h1 { font-size: 1.35rem; } .entry dl { grid-template-columns: 1fr; } pre { padding: .5rem .6rem; } }
@media print { .aside, .side, .ways, .hash, .finder { display: none; } .read { display: block; } pre { white-space: pre-wrap; } pre code { white-space: pre-wrap; } }
`
