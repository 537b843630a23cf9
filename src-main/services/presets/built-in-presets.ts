// Presets that come with the app. Their ids are stored with conversations: they never change or return.
import { answerSettings, type AnswerSettings, type Preset } from '#contract/presets.ts';

type Key = NonNullable<Preset['builtIn']>;

export const BUILT_IN_PRESETS: readonly Preset[] = [
  shipped(1, 'precise', {
    temperature: 0.2,
    systemPrompt:
      'Answer exactly and to the point. Say when you are not sure or do not know, instead of guessing.',
  }),
  shipped(2, 'creative', { temperature: 1.2, topP: 0.98 }),
  shipped(3, 'brief', {
    systemPrompt:
      'Answer in as few words as possible: three sentences at most, no introduction, no repetition.',
    maxAnswerTokens: 400,
  }),
  shipped(4, 'teacher', {
    systemPrompt:
      'You are a patient teacher. Explain step by step in simple words, with one example, and end with one short question that checks whether it was understood.',
  }),
  shipped(5, 'editor', {
    temperature: 0.3,
    systemPrompt:
      "You improve texts. Keep the author's meaning, tone and language. Give the improved text first, then list the changes that matter in a few words each.",
  }),
];

function shipped(id: number, key: Key, settings: Partial<AnswerSettings>): Preset {
  return { id, name: key, builtIn: key, settings: answerSettings.parse(settings) };
}
