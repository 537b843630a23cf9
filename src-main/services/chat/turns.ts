// What the model is told of a conversation: its branch as turns that alternate, as every chat template wants them.
import type { Message } from '#contract/chat.ts';
import type { Turn } from '#contract/engine.ts';

export interface BranchTurns {
  turns: Turn[];
  /** For each turn, the id of the message it begins with. */
  ids: number[];
}

/** An answer without a word (stopped or failed before it began) is left out; questions around it become one turn. */
export function turnsOf(branch: readonly Pick<Message, 'id' | 'role' | 'text'>[]): BranchTurns {
  const turns: Turn[] = [];
  const ids: number[] = [];
  for (const { id, role, text } of branch.filter(
    (message) => message.role === 'user' || message.text.trim() !== '',
  )) {
    const last = turns.at(-1);
    if (last?.role === role) last.text += `\n\n${text}`;
    else {
      turns.push({ role, text });
      ids.push(id);
    }
  }
  return { turns, ids };
}
