// What of the bare library's speed arrives on the page: engine, both hops, database, DOM in Chromium. And how long
// the host is held up meanwhile.
import type { Page } from 'playwright-core';
import { composer, send } from '../support/page.ts';
import { bestFixedThreads, startBareLoop, writingSpeed } from './bare-loop.ts';
import { readProbe, withPage, type Measured } from './probed-app.ts';
import { subjects, type Subject } from './questions.ts';
import { explain, judge, median, type Row } from './rows.ts';

const RUNS = 5;
const BARS: Record<string, number> = { tiny: 0.85, '2B-shaped': 0.97 };
const LIMIT_MS = 120_000;

export async function measureWholePath(tell: (row: Row) => void): Promise<void> {
  for (const subject of await subjects()) await withPage((measured) => compare(subject, measured, tell));
}

/** Bare and whole path by turns, so that a change of the machine meets both. */
async function compare(subject: Subject, measured: Measured, tell: (row: Row) => void): Promise<void> {
  const { name, model, contextSize, request } = subject;
  await measured.page.addInitScript(noteFirstText);
  await measured.page.reload();
  await composer(measured.page).waitFor();
  await prepare(subject, measured);
  const { threads } = await bestFixedThreads({ model, contextSize }, async (loop) =>
    writingSpeed(await loop.answer(request)),
  );
  const bare: number[] = [];
  const whole: number[] = [];
  const delays: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await loadModel(subject, measured, true);
    await ask(measured, request.text);
    whole.push(await ask(measured, request.text));
    await readProbe(measured.app);
    await ask(measured, request.text);
    delays.push((await readProbe(measured.app)).p999Ms);
    await loadModel(subject, measured, false);
    const loop = await startBareLoop({ model, contextSize, threads });
    await loop.answer(request);
    bare.push(writingSpeed(await loop.answer(request)));
    await loop.stop();
  }
  const area = 'engine';
  tell(explain({ area, name: `${name}: tokens/s, bare library`, value: median(bare), unit: '/s' }));
  tell(explain({ area, name: `${name}: tokens/s on the page`, value: median(whole), unit: '/s' }));
  const value = median(whole) / median(bare);
  const bar = BARS[name] ?? 0.97;
  tell(
    judge({
      area,
      name: `${name}: tokens/s on the page / bare library`,
      value,
      unit: '',
      bar,
      better: 'higher',
    }),
  );
  const delay = `${name}: host event-loop delay during a generation, p99.9`;
  tell(judge({ area, name: delay, value: Math.max(...delays), unit: 'ms', bar: 8, better: 'lower' }));
}

async function prepare({ request, contextSize }: Subject, { client }: Measured): Promise<void> {
  const { temperature, maxTokens } = request;
  await client.call('settings.change', { temperature, maxAnswerTokens: maxTokens, contextSize });
}

/** In memory for its own turn only: the bare library must not run beside it. */
async function loadModel({ model }: Subject, { client }: Measured, load: boolean): Promise<void> {
  if (!load) return client.call('models.unload', undefined) as Promise<void> & Promise<undefined>;
  const { value } = await client.stream('models.watch', undefined).next();
  let id = (value ?? []).find((known) => known.path === model || (known.demo && model.includes('tiny')))?.id;
  if (id === undefined) {
    for await (const event of client.stream('models.add', { path: model, placement: 'in-place' })) {
      if (event.type === 'added') id = event.model.id;
    }
  }
  if (id !== undefined) await client.call('models.load', { id });
}

/** Sends in a new conversation; tokens per second from the first text that reaches the page to the last word shown. */
async function ask({ page, client }: Measured, text: string): Promise<number> {
  await page.getByRole('button', { name: 'New conversation' }).first().click();
  const watched = page.evaluate(watchAnswer, LIMIT_MS);
  await send(page, text);
  const shownMs = await watched;
  const [newest] = await client.call('chat.list', { limit: 1 });
  const open = await client.call('chat.open', { id: newest?.id ?? 0 });
  const tokens = open.messages.at(-1)?.stats?.answerTokens ?? 0;
  await titled(page);
  return ((tokens - 1) / shownMs) * 1000;
}

/** The model names the conversation after its first answer; that must not meet the next question. */
function titled(page: Page): Promise<void> {
  return page.waitForTimeout(2_500);
}

interface Watched {
  /** Set by noteFirstText when the first text of an answer has arrived. */
  firstTextAt: number;
}

/** Runs in the page before its own code: notes when text arrives, which the paced painting shows only later. */
function noteFirstText(): void {
  const watched = globalThis as unknown as Watched;
  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(url: string) {
      super(url);
      this.addEventListener('message', ({ data }) => {
        if (String(data).includes('"type":"text"')) watched.firstTextAt ||= performance.now();
      });
    }
  } as typeof WebSocket;
}

/** Runs in the page: milliseconds from the first text that arrives to the last change of the answer shown. */
function watchAnswer(limitMs: number): Promise<number> {
  const watched = globalThis as unknown as Watched;
  watched.firstTextAt = 0;
  return new Promise((resolve, reject) => {
    let lastAt = 0;
    let length = 0;
    const observer = new MutationObserver(() => {
      const answer = [...document.querySelectorAll('article[aria-busy]:has(.markdown)')].at(-1);
      if (!watched.firstTextAt || !answer) return;
      const shown = answer.querySelector('.markdown')?.textContent?.length ?? 0;
      if (shown > length) lastAt = performance.now();
      length = shown;
      if (answer.getAttribute('aria-busy') !== 'false' || length === 0) return;
      observer.disconnect();
      resolve(lastAt - watched.firstTextAt);
    });
    observer.observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    setTimeout(() => reject(new Error('No answer on the page')), limitMs);
  });
}
