// What is asked for an answer or for other writing, and what is told about it while it is written.
import type { EngineEvent, GenerateInput } from '#contract/engine.ts';
import type { Model } from '#contract/models.ts';
import type { WaitingForTurn } from '../../lib/turn-queue.ts';

export interface GenerationRequest extends Omit<GenerateInput, 'restore'> {
  /** Whose context this continues; null for one-off work such as titles. */
  conversationId: number | null;
  /** Whose person waits for such work. */
  onBehalfOf?: number;
  priority: 'person' | 'background';
  /** Which model shall answer; asked when the turn has come. Null: none is there. */
  model: () => Model | null;
}

export type InferenceEvent = WaitingForTurn | { type: 'waiting'; for: 'engine' | 'model' } | EngineEvent;
