// Names for conversations: the first words at once, a better one from the model when it has nothing else to do.
import type { Message } from '#contract/chat.ts';
import type { Model } from '#contract/models.ts';
import type { InferenceService } from '../inference/inference-service.ts';

const FIRST_WORDS_LIMIT = 48;
const TITLE_LIMIT = 60;
/** Enough of each side to know what a conversation is about. */
const EXCERPT_LIMIT = 600;
const TITLE_TOKENS = 24;

/** A title from the question itself, cut at a word. Newlines become spaces. */
export function titleFromQuestion(question: string): string {
  const line = question.replace(/\s+/gu, ' ').trim();
  if (line.length <= FIRST_WORDS_LIMIT) return line;
  const cut = line
    .slice(0, FIRST_WORDS_LIMIT)
    .toWellFormed()
    .replace(/\uFFFD$/u, '');
  const lastSpace = cut.lastIndexOf(' ');
  return `${(lastSpace > FIRST_WORDS_LIMIT / 2 ? cut.slice(0, lastSpace) : cut).trimEnd()}…`;
}

/** Asks the model in the background; null when it was interrupted or answered with nothing usable. */
export async function suggestTitle(
  inference: InferenceService,
  exchange: { question: Message; answer: Message; model: () => Model | null },
  signal: AbortSignal,
): Promise<string | null> {
  const { question, answer, model } = exchange;
  const asked = question.text.trim() || (question.attachments ?? []).map(({ name }) => name).join(', ');
  const excerpt = `User: ${asked.slice(0, EXCERPT_LIMIT)}\nAssistant: ${answer.text.slice(0, EXCERPT_LIMIT)}`;
  const request = {
    conversationId: null,
    priority: 'background' as const,
    model,
    systemPrompt: '',
    turns: [{ role: 'user' as const, text: `Generate a short title for this conversation:\n\n${excerpt}` }],
    begun: '',
    sampling: { temperature: 0, topK: null, topP: null, minP: null, repeatPenalty: null, seed: null },
    maxTokens: TITLE_TOKENS,
    thinking: false,
  };
  let text = '';
  let ended = false;
  for await (const event of inference.generate(request, signal)) {
    if (event.type === 'text') text += event.text;
    ended ||= event.type === 'done' && event.reason === 'end';
  }
  return ended ? cleanTitle(text) : null;
}

/** Takes quotes, headings and labels off a model's title; null when it is no title. */
export function cleanTitle(text: string): string | null {
  const firstLine = text.trim().split('\n')[0] ?? '';
  const bare = firstLine
    .replace(/^(?:#+\s*|title:\s*|[*_"'“”«»„]+)+/iu, '')
    .replace(/[*_"'“”«».,;:]+$/u, '')
    .trim();
  return bare.length > 0 && bare.length <= TITLE_LIMIT ? bare : null;
}
