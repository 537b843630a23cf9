// What the model is asked for an answer: the turns of a branch, and how answers of its conversation are to be. Also
// what can be done with that before anyone asks: look at it, or let the model read it ahead.
import type { ConversationSetup, Message, ModelView } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { Note } from '#contract/notes.ts';
import { answerSettings } from '#contract/presets.ts';
import type { Settings } from '#contract/settings.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Watchable } from '../../lib/watchable.ts';
import type { AttachedTexts } from '../attachments/attached-texts.ts';
import type { GenerationRequest } from '../inference/generation-request.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import { resolveAnswerSettings, type PresetService } from '../presets/preset-service.ts';
import { lastIdsOf, noteOnBranch } from './note-on-branch.ts';
import { noteForModel } from './note-text.ts';
import { turnsOf } from './turns.ts';

export interface RequestOptions {
  database: AppDatabase;
  inference: InferenceService;
  settings: Watchable<Settings>;
  presets: Pick<PresetService, 'find'>;
  attached: AttachedTexts;
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
  /** Of the draft. */
  attachmentIds?: readonly number[] | undefined;
}

export interface BuiltRequest {
  request: GenerationRequest;
  /** For each turn, the id of the message it begins with. */
  ids: number[];
  /** For each turn, the id of the message it ends with. */
  lastIds: number[];
  /** What stands for the messages before the turns; null when the turns are all. */
  note: Note | null;
  /** A note shall stand for what leaves the view. */
  wantsNote: boolean;
}

type Said = Pick<Message, 'id' | 'role' | 'text' | 'attachments'>;

const NO_NOTE = { note: null, covered: 0 };
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
  ): BuiltRequest {
    return this.#build(branch, { conversationId, setup, begun: text });
  }

  /** What the model sees of the branch that is shown. @throws AppError not-found, and those of `InferenceService.view` */
  async view(id: number, signal: AbortSignal): Promise<ModelView> {
    const branch = this.#branch(id);
    const asked = branch.slice(0, branch.findLastIndex(({ role }) => role === 'user') + 1);
    const { request, ids, note } = this.build(asked, { conversationId: id, text: '' });
    const { firstVisibleTurn, noteLeftOut, ...view } = await this.#options.inference.view(request, signal);
    const visibleFromId = firstVisibleTurn > 0 || note ? (ids[firstVisibleTurn] ?? null) : null;
    return { ...view, visibleFromId, noted: request.note !== undefined && noteLeftOut !== true };
  }

  /**
   * Lets the model read a question while it is still being written, so that its answer begins sooner. Yields to
   * everything else, loads nothing, and fails in silence: whatever is wrong is said when the question is asked.
   */
  async prepare(ahead: Ahead, signal: AbortSignal): Promise<void> {
    await this.#options.attached.settle(ahead.attachmentIds ?? [], ahead.text);
    await this.#options.inference.prepare(this.ahead(ahead), signal);
  }

  /** A question as it would be asked now. @throws AppError not-found */
  ahead({ conversationId, setup, text, attachmentIds = [] }: Ahead): GenerationRequest {
    const branch: Said[] = conversationId === null ? [] : this.#branch(conversationId);
    const known = conversationId === null ? (setup ?? NOT_SET_UP) : this.#setupOf(conversationId);
    const question = {
      id: 0,
      role: 'user' as const,
      text: this.#options.attached.inDraft(attachmentIds, text),
    };
    const { request, wantsNote } = this.#build([...branch, question], {
      conversationId,
      setup: known,
      begun: '',
    });
    return { ...request, whole: wantsNote };
  }

  #build(
    branch: readonly Said[],
    asked: { conversationId: number | null; setup: ConversationSetup; begun: string },
  ): BuiltRequest {
    const { settings, presets } = this.#options;
    const { conversationId, setup, begun } = asked;
    const preset = presets.find(setup.presetId);
    const resolved = resolveAnswerSettings(setup.settings, preset, settings.value);
    const { maxAnswerTokens: maxTokens, systemPrompt, thinking, overflow, ...sampling } = resolved;
    const wantsNote = overflow === 'note' && conversationId !== null;
    const { note, covered } = (wantsNote && this.#noteOf(conversationId, branch)) || NO_NOTE;
    const visible = branch.slice(covered);
    const { turns, ids } = turnsOf(this.#options.attached.inBranch(visible));
    const model = (): Model | null => this.#modelOf(setup);
    const request = { conversationId, systemPrompt, turns, begun, sampling, maxTokens, thinking, model };
    const told = note && !note.removed ? { note: noteForModel(note.text) } : {};
    return {
      request: { ...request, ...told, priority: 'person' },
      ids,
      lastIds: lastIdsOf(visible, ids),
      note,
      wantsNote,
    };
  }

  #noteOf(conversationId: number, branch: readonly Said[]): ReturnType<typeof noteOnBranch> {
    return noteOnBranch(this.#options.database.holding(conversationId).notes.list(conversationId), branch);
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
