// What the model is asked for an answer: the turns of a branch, and how answers of its conversation are to be. Also
// what can be done with that before anyone asks: look at it, or let the model read it ahead.
import type { ConversationSetup, Message, ModelView } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import { answerSettings } from '#contract/presets.ts';
import type { Settings } from '#contract/settings.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { GenerationRequest, InferenceService } from '../inference/inference-service.ts';
import { resolveAnswerSettings, type PresetService } from '../presets/preset-service.ts';
import { turnsOf } from './turns.ts';

export interface RequestOptions {
  database: AppDatabase;
  inference: InferenceService;
  settings: Watchable<Settings>;
  presets: Pick<PresetService, 'find'>;
  /** The model that answers now; null when there is none. */
  model: () => Model | null;
  /** An installed model; null when it is gone. */
  findModel: (id: number) => Model | null;
}

/** A question that is still being written. */
export interface Ahead {
  /** Null: of a conversation that has not begun, which will be set up like this. */
  conversationId: number | null;
  setup?: ConversationSetup | undefined;
  text: string;
}

interface Built {
  request: GenerationRequest;
  /** For each turn, the id of the message it begins with. */
  ids: number[];
}

type Said = Pick<Message, 'id' | 'role' | 'text'>;

const NOT_SET_UP: ConversationSetup = { presetId: null, settings: answerSettings.parse({}), modelId: null };

export class AnswerRequests {
  readonly #options: RequestOptions;

  constructor(options: RequestOptions) {
    this.#options = options;
  }

  /** For the next answer after `branch`, which says `text` already; as its conversation is set up, unless told
   * otherwise. @throws AppError not-found */
  build(
    branch: readonly Said[],
    { conversationId, text }: Pick<Message, 'conversationId' | 'text'>,
    setup = this.#setupOf(conversationId),
  ): Built {
    return this.#build(branch, { conversationId, setup, begun: text });
  }

  /** What the model sees of the branch that is shown. @throws AppError not-found, and those of `InferenceService.view` */
  async view(id: number, signal: AbortSignal): Promise<ModelView> {
    const branch = this.#branch(id);
    const asked = branch.slice(0, branch.findLastIndex(({ role }) => role === 'user') + 1);
    const { request, ids } = this.build(asked, { conversationId: id, text: '' });
    const { firstVisibleTurn, ...view } = await this.#options.inference.view(request, signal);
    return { ...view, visibleFromId: firstVisibleTurn > 0 ? (ids[firstVisibleTurn] ?? null) : null };
  }

  /**
   * Lets the model read a question while it is still being written, so that its answer begins sooner. Yields to
   * everything else, loads nothing, and fails in silence: whatever is wrong is said when the question is asked.
   */
  async prepare({ conversationId, setup, text }: Ahead, signal: AbortSignal): Promise<void> {
    const branch: Said[] = conversationId === null ? [] : this.#branch(conversationId);
    const known = conversationId === null ? (setup ?? NOT_SET_UP) : this.#setupOf(conversationId);
    const asked = [...branch, { id: 0, role: 'user' as const, text }];
    const { request } = this.#build(asked, { conversationId, setup: known, begun: '' });
    await this.#options.inference.prepare(request, signal);
  }

  #build(
    branch: readonly Said[],
    asked: { conversationId: number | null; setup: ConversationSetup; begun: string },
  ): Built {
    const { settings, presets } = this.#options;
    const { conversationId, setup, begun } = asked;
    const preset = presets.find(setup.presetId);
    const resolved = resolveAnswerSettings(setup.settings, preset, settings.value);
    const { maxAnswerTokens: maxTokens, systemPrompt, thinking, ...sampling } = resolved;
    const { turns, ids } = turnsOf(branch);
    const model = (): Model | null => this.#modelOf(setup);
    const request = { conversationId, systemPrompt, turns, begun, sampling, maxTokens, thinking, model };
    return { request: { ...request, priority: 'person' }, ids };
  }

  /** One that was chosen for a conversation is never replaced by another without asking. */
  #modelOf({ modelId }: ConversationSetup): Model | null {
    const { model, findModel } = this.#options;
    const chosen = modelId === null ? model() : findModel(modelId);
    if (modelId !== null && !chosen)
      throw new AppError('conversation-model-gone', `There is no model ${modelId}`);
    return chosen;
  }

  #branch(conversationId: number): Message[] {
    const { messages } = this.#options.database.holding(conversationId);
    return messages.activeBranch(conversationId).filter(({ status }) => status !== 'generating');
  }

  #setupOf(conversationId: number): ConversationSetup {
    const { conversations } = this.#options.database.holding(conversationId);
    const conversation = conversations.get(conversationId);
    if (!conversation) throw new AppError('not-found', `There is no conversation ${conversationId}`);
    return conversation;
  }
}
