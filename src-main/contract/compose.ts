// What a person is about to send: drafts that outlive a restart, and prompts that are used again and again.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { nothing, rowId } from './common.ts';
import { MESSAGE_LIMIT } from './errors.ts';

export const draft = z.object({
  /** Null: of the conversation that has not begun. */
  conversationId: rowId.nullable(),
  text: z.string().max(MESSAGE_LIMIT * 2),
});
export type Draft = z.output<typeof draft>;

export const prompt = z.object({
  id: rowId,
  name: z.string(),
  /** With places for words that are asked for when it is used: `{{language}}`. */
  text: z.string(),
  /** Shipped with the app, under a name that the window translates; can't be changed. */
  builtIn: z.enum(['summarise', 'explain', 'improve', 'translate', 'ideas']).nullable(),
});
export type Prompt = z.output<typeof prompt>;

export const composeContract = {
  'drafts.list': call(nothing, z.array(draft)),
  /** An empty text forgets it. A draft of a conversation that is gone is passed over. */
  'drafts.save': call(draft, nothing),
  /** The whole library now and after every change: those that are shipped, then the person's own by name. */
  'prompts.watch': stream(nothing, z.array(prompt)),
  /** Adds one, or changes one of the person's own. Errors: not-found. */
  'prompts.save': call(
    z.object({
      id: rowId.nullable(),
      name: z.string().trim().min(1).max(80),
      text: z.string().trim().min(1).max(50_000),
    }),
    prompt,
  ),
  'prompts.remove': call(z.object({ id: rowId }), nothing),
};
