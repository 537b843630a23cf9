// Conversations by age, as people remember them: today, yesterday, this week, then by month.
import type { Conversation } from '#contract/chat.ts';

export interface ConversationGroup {
  kind: 'today' | 'yesterday' | 'week' | 'month';
  /** Start of the month in milliseconds since the epoch, 0 for the other kinds. */
  month: number;
  conversations: Conversation[];
}

/** Groups in the order of `list`, which is newest first. `now` in milliseconds since the epoch; days are local. */
export function groupByAge(list: readonly Conversation[], now: number): ConversationGroup[] {
  const groups: ConversationGroup[] = [];
  for (const conversation of list) {
    const { kind, month } = ageOf(conversation.updatedAt, now);
    const last = groups.at(-1);
    if (last?.kind === kind && last.month === month) last.conversations.push(conversation);
    else groups.push({ kind, month, conversations: [conversation] });
  }
  return groups;
}

function ageOf(time: number, now: number): Pick<ConversationGroup, 'kind' | 'month'> {
  const today = new Date(now);
  const daysBack = (days: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - days).getTime();
  if (time >= daysBack(0)) return { kind: 'today', month: 0 };
  if (time >= daysBack(1)) return { kind: 'yesterday', month: 0 };
  if (time >= daysBack(6)) return { kind: 'week', month: 0 };
  const date = new Date(time);
  return { kind: 'month', month: new Date(date.getFullYear(), date.getMonth()).getTime() };
}
