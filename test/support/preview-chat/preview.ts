// The chat on made-up conversations, for looking at it without a host: `vite test/support/preview-chat`. The query
// picks a scene (`?scene=rich`). Never part of a build.
import { mount } from 'svelte';
import type { GenerationEvent, Message } from '#contract/chat.ts';
import '../../../src-renderer/styles/fonts.ts';
import '../../../src-renderer/styles/tokens.css';
import '../../../src-renderer/styles/reset.css';
import App from '../../../src-renderer/app/App.svelte';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../fake-api.ts';
import { demoModel, engineStatus, ownModel } from '../fake-data.ts';
import { answerSettings } from '#contract/presets.ts';
import { createScriptedNotes } from '../scripted-notes.ts';
import { createScriptedChat, streamed } from '../scripted-chat.ts';
import { HOSTILE } from '../hostile-texts.ts';
import { ARABIC, LONG, NOTE, RICH } from './samples.ts';

const DAY_MS = 86_400_000;
const query = new URLSearchParams(location.search);
const scene = query.get('scene') ?? '';
const stats = {
  modelName: 'Gemma 3 4B Instruct',
  backend: 'cpu',
  promptTokens: 1_420,
  reusedTokens: 1_204,
  answerTokens: 386,
  timeToFirstTokenMs: 420,
  tokensPerSecond: 16.8,
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function* answer(question: string): AsyncGenerator<GenerationEvent> {
  if (question.includes('wait')) {
    yield { type: 'waiting', for: 'turn', place: 1 };
    await pause(60_000);
  }
  if (question.includes('note')) {
    yield { type: 'noting', progress: 0.4 };
    await pause(60_000);
  }
  if (question.includes('read')) {
    yield { type: 'reading', doneTokens: 2_310, totalTokens: 6_020 };
    await pause(60_000);
  }
  if (question.includes('think')) {
    yield { type: 'thought', text: 'They ask about light. I should begin with chlorophyll.' };
    await pause(1_500);
  }
  if (question.includes('full')) yield { type: 'saving', failure: { code: 'disk-full' } };
  const [size, everyMs] = (query.get('pace') ?? '4,10').split(',').map(Number);
  const named = HOSTILE[query.get('text') ?? ''];
  const text = named ? named() : query.get('text') === 'long' ? LONG.repeat(3) : RICH;
  yield* streamed(text, size, everyMs);
  yield { type: 'context', context: { usedTokens: 1_806, sizeTokens: 8_192, visibleFromId: null } };
  if (question.includes('full')) await pause(60_000);
  yield { type: 'done', answer: { status: 'complete', stats } as Message };
}

const chat = createScriptedChat(answer);
const now = Date.now();
const user = (text: string) => ({ role: 'user' as const, text });
const says = (text: string, more: Partial<Message> = {}) => ({
  role: 'answer' as const,
  text,
  stats,
  ...more,
});
const ids: Record<string, number> = {
  rich: chat.add(
    'Photosynthesis, in short',
    [user('Explain photosynthesis in short.'), says(RICH)],
    now - 60_000,
  ),
  arabic: chat.add('التمثيل الضوئي', [user('ما هو التمثيل الضوئي؟'), says(ARABIC)], now - 120_000),
  long: chat.add(
    'The river and the town',
    [user('Write a long story.'), says(LONG), user('Thank you!'), says('You are welcome.')],
    now - DAY_MS,
  ),
  errors: chat.add(
    'What can go wrong',
    [
      user('First question'),
      says('An answer that was stopped in the mid', { status: 'stopped' }),
      user('Second question'),
      says('An answer that was cut', { status: 'interrupted' }),
      user('Third question'),
      says('', { status: 'failed', failure: { code: 'engine-stopped' }, stats: null }),
      user('Fourth question'),
      says('', { status: 'failed', failure: { code: 'no-model' }, stats: null }),
    ],
    now - DAY_MS * 1.1,
  ),
  many: chat.add(
    'Five hundred messages',
    Array.from({ length: 500 }, (_, index) =>
      index % 2 === 0
        ? user(`Question ${index}`)
        : says(index % 9 === 0 ? RICH : `Answer ${index}. `.repeat(30)),
    ),
    now - DAY_MS * 3,
  ),
};
ids['noted'] = chat.add(
  'A garden in the shade',
  Array.from({ length: 8 }, (_, index) => [
    user(`Question ${index + 1}`),
    says(`Answer ${index + 1}. `.repeat(12)),
  ]).flat(),
  now - DAY_MS * 2,
);
const noted = chat.conversations.get(ids['noted'])!;
const notes = createScriptedNotes(async function* () {
  for (let step = 1; step < 50; step++) {
    await pause(100);
    yield { progress: step / 50 };
  }
  return 'Another note of the same messages.';
});
const mode = query.get('note') ?? 'short';
if (mode !== 'slide') noted.conversation.settings = answerSettings.parse({ overflow: 'note' });
if (mode !== 'failed')
  notes.add(
    ids['noted'],
    noted.messages[mode === 'earlier' ? 5 : 11]!.id,
    mode === 'long' ? NOTE.repeat(3) : NOTE,
  );
const outOfView = {
  usedTokens: 1_806,
  sizeTokens: 8_192,
  visibleFromId: noted.messages[12]!.id,
  ...(['failed', 'earlier'].includes(mode) && { withoutNote: 'failed' as const }),
  ...(mode === 'no-room' && { withoutNote: 'no-room' as const }),
};
for (let i = 0; i < 40; i++)
  chat.add(
    `Older conversation number ${i + 1} with a rather long title`,
    [user('Hi')],
    now - DAY_MS * (4 + i * 2),
  );

for (const [name, text] of Object.entries(HOSTILE)) {
  if (scene === name) ids[name] = chat.add(`Hostile: ${name}`, [user('Go'), says(text())]);
}

const host = createFakeHost({
  ...chat.handlers,
  ...notes.handlers,
  'chat.open': ({ id }) => ({
    ...chat.conversations.get(id)!,
    context: id === ids['noted'] ? outOfView : null,
  }),
});
if (query.get('engine') === 'own') {
  host.engine.set({ ...engineStatus, modelId: 2, modelName: ownModel.name, demo: false });
} else if (query.get('engine') === 'none') {
  host.models.set([]);
  host.engine.set({
    ...engineStatus,
    state: 'stopped',
    modelId: null,
    modelName: null,
    demo: false,
    backend: null,
  });
} else {
  host.models.set([demoModel]);
}
if (query.has('theme')) host.settings.set({ ...host.settings.value, theme: query.get('theme') as 'dark' });
if (ids[scene]) location.hash = `/chat/${ids[scene]}`;
const target = document.querySelector('#app');
if (target) mount(App, { target, props: { stores: createStores(host.api) } });
