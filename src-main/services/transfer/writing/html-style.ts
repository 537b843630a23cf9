// How an exported page looks: in the letters of the computer that shows it, light or dark as that is, and on paper.
// Fonts of our own would make every file a megabyte larger.

const LIGHT = `--paper: #faf9f7; --ink: #1b1a18; --muted: #625e57; --ground: #f3f0eb; --line: #e7e3dc; --accent: #0f6b63;
  --comment: #6b665c; --keyword: #8a2f5d; --string: #2f6b2a; --number: #8a4b08; --title: #1d5a8f;`;
const DARK = `--paper: #151413; --ink: #ece9e3; --muted: #a8a297; --ground: #211f1d; --line: #2e2b28; --accent: #56b8ac;
  --comment: #9a9388; --keyword: #dd9abd; --string: #a3c98b; --number: #e0ad72; --title: #8fbfe6;`;

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 44rem; padding: 3rem 1.5rem 5rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.65 Literata, Charter, 'Iowan Old Style', 'Sitka Text', Georgia, 'Noto Serif', serif; overflow-wrap: anywhere; }
h1 { font-weight: 500; font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; text-wrap: balance; }
.about, h2.who, summary, figcaption { color: var(--muted); font: 500 .8125rem/1.5 Inter, system-ui, sans-serif; }
.about { margin: 0; }
h2.who { margin: 2.25rem 0 .35rem; }
h3, h4, h5, h6 { font: 600 1.0625rem/1.3 Inter, system-ui, sans-serif; margin: 1.75rem 0 .5rem; text-wrap: balance; }
h3 { font-size: 1.25rem; }
h5, h6 { font-size: .9375rem; color: var(--muted); }
p, ul, ol, blockquote, figure, table, .formula { margin: 0 0 1rem; }
p, h3, h4, h5, h6, li, th, td { unicode-bidi: plaintext; }
.question { background: var(--ground); border-radius: 10px; padding: .75rem 1rem; }
.question > :last-child, blockquote > :last-child { margin-bottom: 0; }
.plain { white-space: pre-wrap; }
ul, ol { padding-inline-start: 1.6em; }
li > p { margin-bottom: .25rem; }
li:has(> input, > p > input) { list-style: none; }
li > input, li > p > input { margin-inline: -1.4em .5em; accent-color: var(--accent); }
a { color: var(--accent); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; unicode-bidi: plaintext; }
.attached { margin: .5rem 0 0; }
.attached .plain { font-size: .9375rem; }
pre { margin: 0; background: var(--ground); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; }
pre, code { font: .875rem/1.55 'JetBrains Mono', ui-monospace, 'Cascadia Mono', Consolas, Menlo, monospace; }
:not(pre) > code { background: var(--ground); border-radius: 4px; padding: .1em .3em; font-size: .875em; }
figcaption { margin-bottom: .25rem; }
blockquote, details > div { padding-inline-start: 1rem; border-inline-start: 2px solid var(--line); color: var(--muted); }
details > div { margin: .5rem 0 0; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { overflow-wrap: break-word; border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0; vertical-align: top; }
:is(th, td):not([align]) { text-align: start; }
.formula { overflow-x: auto; overflow-y: hidden; padding: .25rem 0; }
math { font-family: 'Latin Modern Math', 'STIX Two Math', 'Cambria Math', 'Libertinus Math', math, serif; font-size: 1.1em; }
.note { color: var(--muted); font-size: .875rem; }
sup { line-height: 0; font-size: .75em; }
.hljs-comment, .hljs-quote, .hljs-meta { color: var(--comment); }
.hljs-keyword, .hljs-selector-tag, .hljs-literal, .hljs-section, .hljs-doctag, .hljs-type, .hljs-name { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-addition, .hljs-attribute, .hljs-symbol, .hljs-bullet { color: var(--string); }
.hljs-number, .hljs-built_in, .hljs-template-variable, .hljs-variable, .hljs-attr, .hljs-deletion { color: var(--number); }
.hljs-title, .hljs-selector-id, .hljs-selector-class { color: var(--title); }
@media print {
  :root { ${LIGHT} --paper: #fff; }
  body { padding: 0; max-width: none; font-size: 11pt; }
  pre { white-space: pre-wrap; }
  table { display: table; }
  h2.who, h3, h4, h5, h6, figcaption { break-after: avoid; }
  tr, .formula, .note { break-inside: avoid; }
  .question, pre, :not(pre) > code { border: 1px solid var(--line); }
  a[href^='http']::after { content: ' (' attr(href) ')'; color: var(--muted); font-size: .85em; }
}
`;
