// @vitest-environment happy-dom
// Catches: an answer whose end is announced twice or not at all, words that are said again at the end, and an end that
// is announced for an answer that still goes on.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import Announcer from '../../../src-renderer/features/chat/Announcer.svelte';
import type { ConversationSession } from '../../../src-renderer/features/chat/conversation-session.svelte.ts';
import { t } from '../../../src-renderer/messages/translate.ts';
import { TextStream } from '../../../src-renderer/ui/markdown/text-stream.ts';

type Status = 'generating' | 'complete' | 'stopped' | 'interrupted';
interface Talk {
  live: { answerId: number; text: TextStream } | null;
  messages: { id: number; status: Status }[];
}
let shown: Record<string, unknown> | null = null;

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  vi.useRealTimers();
});

function talkOf(answerId: number): Talk {
  const status: Status = 'generating';
  const talk = $state<Talk>({
    live: { answerId, text: new TextStream() },
    messages: [{ id: answerId, status }],
  });
  return talk;
}

function announce(talk: Talk): { props: { session: ConversationSession } } {
  const props = $state({ session: talk as unknown as ConversationSession });
  shown = mount(Announcer, { target: document.body, props });
  flushSync();
  return { props };
}

const said = (): (string | null)[] =>
  [...document.querySelectorAll('[role="log"] p')].map((p) => p.textContent);

function end(talk: Talk, status: Status): void {
  talk.messages[0]!.status = status;
  talk.live = null;
  flushSync();
  vi.advanceTimersByTime(5_000);
  flushSync();
}

it.each([
  ['complete', 'chat.announceDone'],
  ['stopped', 'chat.announceStopped'],
] as const)('says each sentence once, and once that it is %s', (status, words) => {
  const talk = talkOf(7);
  announce(talk);
  talk.live!.text.append('One sentence. And a se');
  vi.advanceTimersByTime(1_300);
  expect(said()).toEqual(['One sentence.']);
  talk.live!.text.append('cond one');
  vi.advanceTimersByTime(1_300);
  end(talk, status);
  expect(said()).toEqual(['One sentence.', 'And a second one', t(words)]);
  talk.messages = [...talk.messages];
  flushSync();
  expect(said()).toHaveLength(3);
});

it('waits for how it ended where that comes later', () => {
  const talk = talkOf(7);
  announce(talk);
  end(talk, 'generating');
  expect(said()).toEqual([]);
  end(talk, 'stopped');
  expect(said()).toEqual([t('chat.announceStopped')]);
});

it('says that an answer broke off', () => {
  const talk = talkOf(7);
  announce(talk);
  end(talk, 'interrupted');
  expect(said()).toEqual([t('chat.announceFailed')]);
});

it('announces no end where one looks at another conversation while it is written', () => {
  const talk = talkOf(7);
  const { props } = announce(talk);
  talk.live!.text.append('One sentence. ');
  vi.advanceTimersByTime(1_300);
  props.session = { ...talkOf(8), live: null } as unknown as ConversationSession;
  flushSync();
  end(talk, 'complete');
  expect(said()).toEqual(['One sentence.']);
});

it('says nothing of what was written before one came', () => {
  const talk = talkOf(7);
  talk.live!.text.append('Many words were there before. '.repeat(40));
  announce(talk);
  talk.live!.text.append('A new one. And mo');
  vi.advanceTimersByTime(1_300);
  // Its last sentence might have gone on.
  expect(said().join(' ').split('before').length - 1).toBeLessThanOrEqual(1);
  expect(said().join(' ')).toContain('A new one.');
});
