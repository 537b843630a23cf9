// Colours for code. The highlighter and its languages are fetched when the first code block of a known language
// appears, and work in pieces in idle time, so that no single task is felt.
import type { HLJSApi, LanguageFn } from 'highlight.js';

type Loader = () => Promise<{ default: LanguageFn }>;

const LANGUAGES: Record<string, Loader> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  go: () => import('highlight.js/lib/languages/go'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  latex: () => import('highlight.js/lib/languages/latex'),
  lua: () => import('highlight.js/lib/languages/lua'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  php: () => import('highlight.js/lib/languages/php'),
  powershell: () => import('highlight.js/lib/languages/powershell'),
  python: () => import('highlight.js/lib/languages/python'),
  r: () => import('highlight.js/lib/languages/r'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};

const ALIASES: Record<string, string> = {
  sh: 'bash', shell: 'bash', zsh: 'bash', console: 'bash', 'c++': 'cpp', cs: 'csharp', 'c#': 'csharp', golang: 'go',
  toml: 'ini', js: 'javascript', jsx: 'javascript', mjs: 'javascript', jsonc: 'json', kt: 'kotlin', tex: 'latex',
  md: 'markdown', ps1: 'powershell', py: 'python', rb: 'ruby', rs: 'rust', ts: 'typescript', tsx: 'typescript',
  html: 'xml', svg: 'xml', vue: 'xml', svelte: 'xml', yml: 'yaml', patch: 'diff',
}; // prettier-ignore

let core: Promise<HLJSApi> | null = null;
const registered = new Map<string, Promise<void>>();

/** The name of a language that can be coloured, or null. */
export function knownLanguage(label: string): string | null {
  const name = label.toLowerCase();
  const known = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
  return Object.hasOwn(LANGUAGES, known) ? known : null;
}

async function highlighterFor(language: string): Promise<HLJSApi> {
  core ??= import('highlight.js/lib/core').then((module) => module.default);
  const highlighter = await core;
  if (!registered.has(language)) {
    registered.set(
      language,
      LANGUAGES[language]!().then((module) => highlighter.registerLanguage(language, module.default)),
    );
  }
  await registered.get(language);
  return highlighter;
}

/** Colours `code` in idle time; null when that can't be done. `language` comes from `knownLanguage`. */
export async function highlighted(code: string, language: string): Promise<DocumentFragment | null> {
  try {
    const [highlighter, { default: purify }] = await Promise.all([
      highlighterFor(language),
      import('dompurify'),
    ]);
    await idle();
    const { value } = highlighter.highlight(code, { language, ignoreIllegals: true });
    return purify.sanitize(value, {
      ALLOWED_TAGS: ['span'],
      ALLOWED_ATTR: ['class'],
      RETURN_DOM_FRAGMENT: true,
    });
  } catch {
    // Colours are an ornament: the code stays readable without them.
    return null;
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 1_000 });
    else setTimeout(resolve, 1);
  });
}
