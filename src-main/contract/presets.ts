// How answers are to be: named presets that conversations share, and what one conversation has of its own.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { nothing, rowId } from './common.ts';

/** Null in a field: the next level decides (conversation, then preset, then Settings, then the model's makers). */
export const answerSettings = z.object({
  systemPrompt: z.string().max(20_000).nullable().default(null),
  temperature: z.number().min(0).max(2).nullable().default(null),
  topK: z.int().min(0).max(500).nullable().default(null),
  topP: z.number().min(0).max(1).nullable().default(null),
  minP: z.number().min(0).max(1).nullable().default(null),
  repeatPenalty: z.number().min(1).max(2).nullable().default(null),
  maxAnswerTokens: z.int().min(16).max(131_072).nullable().default(null),
  /** The same seed and question give the same answer again; null: another one each time. */
  seed: z.int().min(0).max(2_147_483_647).nullable().default(null),
  /** Whether a model that can think before it answers shall; its makers mean Gemma 4 not to. */
  thinking: z.boolean().nullable().default(null),
  /** What happens to the oldest messages when not all of them fit: they leave the model's view (null: the same), or a
   * note stands for them. */
  overflow: z.enum(['slide', 'note']).nullable().default(null),
});
export type AnswerSettings = z.output<typeof answerSettings>;

export const preset = z.object({
  id: rowId,
  name: z.string(),
  /** Shipped with the app, under a name that the window translates; can't be changed. */
  builtIn: z.enum(['precise', 'creative', 'brief', 'teacher', 'editor']).nullable(),
  settings: answerSettings,
});
export type Preset = z.output<typeof preset>;

const presetName = z.string().trim().min(1).max(80);

/** A file of presets for another person or machine. Readers take every version up to their own. */
export const presetFile = z.object({
  format: z.literal('lapidary-presets'),
  version: z.literal(1),
  presets: z.array(z.object({ name: presetName, settings: answerSettings })).max(1000),
});

export const presetsContract = {
  /** The whole list now and after every change: those that are shipped, then the person's own by name. */
  'presets.watch': stream(nothing, z.array(preset)),
  /** Adds one, or changes one of the person's own. Errors: not-found. */
  'presets.save': call(
    z.object({ id: rowId.nullable(), name: presetName, settings: answerSettings }),
    preset,
  ),
  /** Conversations that use it keep what it said as their own. */
  'presets.remove': call(z.object({ id: rowId }), nothing),
  /** The person's own presets as the text of a file. */
  'presets.export': call(nothing, z.string()),
  /** Adds what is in such a file; what is there already under the same name and settings is passed over. Returns how
   * many came. Errors: presets-unreadable. */
  'presets.import': call(z.object({ text: z.string().max(5_000_000) }), z.number()),
};
