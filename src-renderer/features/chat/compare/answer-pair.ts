// A pair of answers as this window knows it: made from what the host tells, and kept while it is being followed.
import type { Comparison, OpenConversation } from '#contract/chat.ts';
import { ConversationSession, type AnswerPair, type PairSide } from '../conversation-session.svelte.ts';

/** The pair that is shown from now on; `known` where it is the same one. */
export function pairOf(
  { conversation, comparison }: OpenConversation,
  known: AnswerPair | null,
): AnswerPair | null {
  if (!comparison) return null;
  const side = (name: 'left' | 'right'): PairSide => {
    const told = comparison[name];
    const before = known?.[name];
    const same = before?.answerId === told.answer.id ? before : sideOf(told);
    same.session.conversation = conversation;
    // What is being followed is newer than what was told.
    if (!same.session.busy) same.session.messages = [told.answer];
    return same;
  };
  const pair = { left: side('left'), right: side('right') };
  return pair.left === known?.left && pair.right === known.right ? known : pair;
}

/** Those whose end is not known here. */
export function unfinished({ left, right }: AnswerPair): PairSide[] {
  return [left, right].filter(({ session }) => session.messages?.[0]?.status === 'generating');
}

function sideOf({ answer, setup }: Comparison['left']): PairSide {
  return { answerId: answer.id, setup, session: new ConversationSession() };
}
