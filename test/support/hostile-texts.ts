// Answers as a hostile or broken model might write them: nothing of them may execute or load, and none may make the
// page deaf for long.

const MARKUP = `Before. <script>globalThis.pwned = 'script'</script>
<img src="https://evil.example/a.png" onerror="globalThis.pwned = 'image'">
<svg onload="globalThis.pwned = 'svg'"><script>globalThis.pwned = 'svg script'</script><use href="https://evil.example/b.svg#x"/></svg>
<iframe src="https://evil.example/c"></iframe><object data="https://evil.example/d"></object>
<style>@import url(https://evil.example/e.css); * { background: url(https://evil.example/f.png) !important; display: none }</style>
<div style="position: fixed; inset: 0; background: url(https://evil.example/g.png)">cover</div>
<link rel="stylesheet" href="https://evil.example/h.css"><meta http-equiv="refresh" content="0; url=https://evil.example/i">
<base href="https://evil.example/"><form action="https://evil.example/j"><button autofocus onfocus="globalThis.pwned = 'focus'">Go</button></form>
<math><mtext><table><mglyph><style><img src onerror="globalThis.pwned = 'mutation'"></style></mglyph></table></mtext></math>

\`\`\`html
<img src="https://evil.example/k.png" onerror="globalThis.pwned = 'code'"></span></code><script>globalThis.pwned = 'code script'</script>
\`\`\`

\`\`\`"><img src=x onerror="globalThis.pwned='fence'">
text
\`\`\`

Formulas: $\\href{javascript:globalThis.pwned='href'}{x}$, $\\includegraphics{https://evil.example/l.png}$,
$\\htmlStyle{background:url(https://evil.example/m.png)}{y}$, $\\htmlData{on=click}{z}$, $\\url{https://evil.example/n}$.

![picture](https://evil.example/o.png "title") ![x](data:image/svg+xml,<svg/onload=alert(1)>)
[one](javascript:globalThis.pwned='link') [two](JaVaScRiPt:globalThis.pwned='link') [three](data:text/html,<script>globalThis.pwned=1</script>)
[four](vbscript:msgbox) [five](file:///etc/passwd) [six](ms-settings:) [seven](&#106;avascript:globalThis.pwned=1)
[eight](//evil.example/p) [nine](blob:null/1) <javascript:globalThis.pwned=1> <https://evil.example/q> [ten](https://evil.example/r)

[^1]: <img src=x onerror="globalThis.pwned = 'note'"> [![y](https://evil.example/s.png)](javascript:globalThis.pwned='note')

A note.[^1] The end.`;

/** Each by a short name, made when asked for: some are megabytes long. */
export const HOSTILE: Readonly<Record<string, () => string>> = {
  markup: () => MARKUP,
  'a line of 1 MB': () => 'A word and **another** one, `code` too. '.repeat(26_000),
  'a word of 1 MB': () => 'x'.repeat(1_000_000),
  'a table of 10,000 rows': () =>
    `| a | b | c |\n|---|---|---|\n${'| cell one | **cell** two | 3 |\n'.repeat(10_000)}`,
  'lists and quotes 1,000 deep': () =>
    `${'> '.repeat(1_000)}deep\n\n${'- '.repeat(1_000)}deep\n\n` +
    Array.from({ length: 1_000 }, (_, depth) => `${'  '.repeat(depth)}- level ${depth}`).join('\n'),
  'brackets and stars': () => `${'['.repeat(50_000)}\n\n${'*a **b '.repeat(10_000)}`,
  'unbalanced fences': () => '```js\nlet a = 1;\n````\n~~~\n'.repeat(2_000),
  'code of 4,000 lines': () =>
    `\`\`\`ts\n${'const value: number = compute("text", 42); // note\n'.repeat(4_000)}\`\`\``,
  'direction overrides': () =>
    'Open \u202egpj.exe\u202c and \u2066https://example.org\u2069, \u202dor not\u200f.\n\n'.repeat(2_000),
  'terminal codes': () =>
    '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u001b[2J\u009b1mbold\u0000\b\n'.repeat(
      5_000,
    ),
  '2,000 formulas': () => 'So $x^2 + \\frac{1}{2}$ holds. '.repeat(2_000),
};
