// Harper in a thread of its own: it needs a second to begin and a good part of 200 MB, so it begins when somebody
// writes and ends a while after. The slim binary finds the same: what it lacks is Typst, and nobody writes that here.
import { Dialect, LocalLinter, type Lint as HarperLint, type Suggestion } from 'harper.js';
import { slimBinary } from 'harper.js/slimBinary';
import type { LintAnswer, LintRequest } from './lint-messages.ts';
import type { Lint } from './mark.ts';

const REMOVE = 1;
const INSERT_AFTER = 2;

const linter = new LocalLinter({ binary: slimBinary, dialect: Dialect.American });
const ready = prepare();
let dialect: LintRequest['dialect'] = 'American';

addEventListener('message', ({ ports: [port] }: MessageEvent) => {
  if (!port) return;
  port.addEventListener('message', ({ data }: MessageEvent<LintRequest>) => {
    void answer(data).then((message) => port.postMessage(message));
  });
  port.start();
});

/** Without the rules that a message in a chat breaks on purpose. */
async function prepare(): Promise<void> {
  await linter.setLintConfig({ ...(await linter.getDefaultLintConfig()), SentenceCapitalization: false });
}

async function answer({ id, text, dialect: wanted }: LintRequest): Promise<LintAnswer> {
  try {
    await ready;
    if (wanted !== dialect) {
      await linter.setDialect(Dialect[wanted]);
      await prepare();
      dialect = wanted;
    }
    return { id, lints: (await linter.lint(text)).map(read) };
  } catch (error) {
    return { id, failure: String(error) };
  }
}

/** Its memory is the binary's own and is given back here. */
function read(lint: HarperLint): Lint {
  const span = lint.span();
  const problem = lint.get_problem_text();
  const suggestions = lint.suggestions();
  const result = {
    start: span.start,
    end: span.end,
    kind: lint.lint_kind(),
    message: lint.message().replaceAll('`', ''),
    suggestions: suggestions.map((each) => replacement(each, problem)),
  };
  for (const each of [span, lint, ...suggestions]) each.free();
  return result;
}

function replacement(suggestion: Suggestion, problem: string): string {
  const kind: number = suggestion.kind();
  if (kind === REMOVE) return '';
  const text = suggestion.get_replacement_text();
  return kind === INSERT_AFTER ? problem + text : text;
}
