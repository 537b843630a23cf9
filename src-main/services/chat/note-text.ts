// The words around notes: what the model is asked for one, how it gets to read one, and what of its own words is kept.
import type { Turn } from '#contract/engine.ts';

const ASK =
  'Write a note about the part of a conversation below, so that the assistant can go on with the conversation ' +
  'without seeing that part. Keep names, numbers, dates, decisions, what the user wants and likes, and questions ' +
  'that are still open. Leave out greetings and small talk.';
const ASK_ON =
  'There is a note already about what came before it. Write one note about both: keep what still matters of the ' +
  'note, and what its wording insists on.';

/** What the model is asked for a note of at most so many words; `earlier` is the note so far, '' when there is none. */
export function noteQuestion(earlier: string, part: string, words: number): string {
  const how = `Write in the language of the conversation, at most ${words} words. Write only the note.`;
  if (earlier === '') return `${ASK} ${how}\n\nThe conversation:\n\n${part}`;
  return `${ASK} ${ASK_ON} ${how}\n\nThe note so far:\n\n${earlier}\n\nHow the conversation went on:\n\n${part}`;
}

/** How the model gets to read a note, in front of the first question it sees. The same note is the same text. */
export function noteForModel(text: string): string {
  return `[A note about what we said before, which you no longer see:\n${text}\nEnd of the note.]`;
}

export function turnForNote({ role, text }: Turn): string {
  return `${role === 'user' ? 'User' : 'Assistant'}: ${text.trim()}`;
}

/** The model's words as a note: without a heading in front, and without what the limit left of a word. */
export function cleanNote(text: string, cut: boolean): string {
  const bare = text.trim().replace(/^(?:[#*\s]*(?:the\s+)?note(?:\s+so\s+far)?[*\s]*:[*\s]*)/iu, '');
  if (!cut) return bare;
  const sentence = /^.*[.!?。！？](?=\s|$|[^.!?])/su.exec(bare)?.[0] ?? '';
  return sentence.length >= bare.length / 2 ? sentence : bare;
}
