// Conversations and their answers: commits what a person wrote before anything else happens, then lets the model
// write. One answer at a time per conversation.
import { AppError } from '#contract/errors.ts';
import type {
  ContextUse,
  Conversation,
  ConversationChange,
  ConversationSetup,
  GenerationEvent,
  Message,
  OpenConversation,
} from '#contract/chat.ts';
import type { Model } from '#contract/models.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import { TEMPORARY_FROM_ID } from '../../database/conversation-repository.ts';
import type { Exchange, MessageRepository } from '../../database/message-repository.ts';
import type { Log } from '../../lib/log.ts';
import { Topic } from '../../lib/topic.ts';
import type { InferenceService } from '../inference/inference-service.ts';
import type { AttachedTexts } from '../attachments/attached-texts.ts';
import type { BinService } from './bin-service.ts';
import type { AnswerEvent, AnswerWriter } from './answer-writer.ts';
import { newestPage } from './branch-pages.ts';
import { Generation } from './generation.ts';
import { checkText } from './message-text.ts';
import { RunningAnswers } from './running-answers.ts';
import { suggestTitle, titleFromQuestion } from './titles.ts';

export interface ChatOptions {
  database: AppDatabase;
  inference: InferenceService;
  writer: Pick<AnswerWriter, 'write'>;
  bin: Pick<BinService, 'eraseTemporary'>;
  attached: Pick<AttachedTexts, 'names' | 'settle' | 'chooseAgain'>;
  /** The model that answers now; null when there is none. */
  model: () => Model | null;
  now: () => number;
  log: Log;
}

/** How a new conversation is to be, and what goes along with the question. */
interface Beginning {
  setup?: ConversationSetup | undefined;
  temporary?: boolean | undefined;
  /** Of the draft. */
  attachmentIds?: readonly number[] | undefined;
}

/** How an answer is written, where that is not as its conversation says. */
interface Writing {
  varied?: boolean;
  setup?: ConversationSetup;
  /** It begins when this has ended. */
  after?: Promise<void>;
}

export class ChatService {
  readonly changes = new Topic<ConversationChange>();
  readonly running = new RunningAnswers();
  readonly #options: ChatOptions;
  /** How full the context was at the last answer of a conversation, as long as the app runs. */
  readonly #contexts = new Map<number, ContextUse>();
  readonly #closing = new AbortController();

  constructor(options: ChatOptions) {
    this.#options = options;
    try {
      if (!options.database.readOnly) options.database.messages.interruptUnfinished();
    } catch (error) {
      // A full disk: what is there can still be read, and the next start tries again.
      options.log.error('Ending what was being written', error);
    }
  }

  /** With `newest`, only the end of the branch. @throws AppError not-found */
  open(id: number, newest = false): OpenConversation {
    const { conversations, messages, comparisons } = this.#options.database.holding(id);
    const conversation = found(conversations.get(id), `conversation ${id}`);
    const comparison = comparisons.pending(id);
    const page = newest
      ? newestPage(messages, conversations.activeMessageId(id))
      : { messages: messages.activeBranch(id), more: false };
    return {
      conversation,
      messages: page.messages.map((message) => this.running.latest(message)),
      more: page.more,
      context: this.running.of(id)[0]?.context ?? this.#contexts.get(id) ?? null,
      comparison: comparison && this.running.latestPair(comparison),
    };
  }

  /**
   * Commits the question with an empty answer, then streams the answer.
   * @throws AppError message-empty, message-too-long, conversation-busy, not-found, disk-full, database-*.
   */
  async *send(
    conversationId: number | null,
    text: string,
    signal: AbortSignal,
    { setup, temporary = false, attachmentIds = [] }: Beginning = {},
  ): AsyncGenerator<GenerationEvent> {
    const { attached, database, now } = this.#options;
    const names = attached.names(attachmentIds);
    checkText(text, names.length > 0);
    await attached.settle(attachmentIds, text);
    if (conversationId !== null) this.checkFree(conversationId);
    const begun = temporary ? database.temporary : database;
    const { messages } = conversationId === null ? begun : database.holding(conversationId);
    const title = titleFromQuestion(text) || titleFromQuestion(names[0] ?? '');
    const asked = { conversationId, title, setup, text, attachmentIds };
    const exchange = messages.startExchange({ ...asked, now: now() });
    yield* this.#write(exchange, signal);
  }

  /**
   * Writes an answer to this question, or another one beside this answer; `varied` against repetition.
   * @throws AppError not-found, conversation-busy, disk-full, database-*.
   */
  async *retry(messageId: number, varied: boolean, signal: AbortSignal): AsyncGenerator<GenerationEvent> {
    const { messages, now } = this.#freeFor(messageId);
    yield* this.#write(messages.startAnswer(messageId, now), signal, varied);
  }

  /**
   * Commits another version of a question, then streams its answer.
   * @throws AppError as `send`, and not-found when it is no question.
   */
  async *edit(questionId: number, text: string, signal: AbortSignal): AsyncGenerator<GenerationEvent> {
    const { attached, database } = this.#options;
    checkText(text, database.holding(questionId).messages.get(questionId)?.attachments !== undefined);
    const passages = await attached.chooseAgain(questionId, text);
    const { messages, now } = this.#freeFor(questionId);
    yield* this.#write(messages.startVersion(questionId, text, now, passages), signal);
  }

  /**
   * Another version of an answer that begins with its words and goes on.
   * @throws AppError not-found (also when it is no answer), conversation-busy, disk-full, database-*.
   */
  async *continue(answerId: number, signal: AbortSignal): AsyncGenerator<GenerationEvent> {
    const { messages, now } = this.#freeFor(answerId);
    yield* this.#write(messages.startContinuation(answerId, now), signal);
  }

  /** What is being written in a conversation, from its beginning; ends at once when nothing is. */
  async *attach(conversationId: number, signal: AbortSignal): AsyncGenerator<GenerationEvent> {
    const [generation] = this.running.of(conversationId);
    if (generation) yield* generation.watch(signal);
  }

  stop(conversationId: number): void {
    this.running.stop(conversationId);
  }

  /** Takes effect with the next answer. @throws AppError not-found */
  configure(id: number, setup: ConversationSetup): Conversation {
    return this.saved(this.#options.database.holding(id).conversations.configure(id, setup));
  }

  /** @throws AppError not-found */
  rename(id: number, title: string): Conversation {
    return this.saved(this.#options.database.holding(id).conversations.rename(id, title, 'person'));
  }

  /** Into the bin. A running answer is stopped and keeps its text. @throws AppError not-found */
  async delete(id: number): Promise<void> {
    const { database, now } = this.#options;
    this.stop(id);
    database.holding(id).conversations.moveToBin(id, now());
    this.changes.publish({ type: 'removed', id });
    await database.flush();
    if (id >= TEMPORARY_FROM_ID) this.#options.bin.eraseTemporary([id]);
  }

  /** @throws AppError not-found */
  restore(id: number): Conversation {
    return this.saved(this.#options.database.holding(id).conversations.restore(id));
  }

  /** Tells every window about a conversation that was just saved. */
  saved(conversation: Conversation): Conversation {
    this.changes.publish({ type: 'saved', conversation });
    return conversation;
  }

  /** @throws AppError conversation-busy */
  checkFree(conversationId: number): void {
    this.running.checkFree(conversationId);
  }

  /** Saves every running answer as interrupted, at once. */
  close(): void {
    this.#closing.abort();
    this.running.interrupt();
    this.changes.close();
  }

  /** Lets the model write, whoever listens. @throws AppError not-found */
  write(exchange: Exchange, writing: Writing): Generation {
    const generation = this.#start(exchange.answer, writing);
    void generation.run().then(() => this.#ended(exchange, generation));
    return generation;
  }

  /** Lets the model write, and tells this listener. */
  async *#write(exchange: Exchange, signal: AbortSignal, varied = false): AsyncGenerator<GenerationEvent> {
    const generation = this.#start(exchange.answer, { varied });
    const events = generation.watch(signal);
    await events.next(); // Listening from here on; the snapshot itself is the empty answer below.
    void generation.run().then(() => this.#ended(exchange, generation));
    await this.#flush();
    this.saved(exchange.conversation);
    yield { type: 'accepted', ...exchange };
    yield* events;
  }

  #start(answer: Message, { varied, setup, after }: Writing): Generation {
    const { database, inference, writer, log } = this.#options;
    const { messages } = database.holding(answer.id);
    const branch = messages.branchUpTo(answer.id).filter(({ id }) => id !== answer.id);
    const produce = async function* (signal: AbortSignal): AsyncGenerator<AnswerEvent> {
      if (after) await endOf(after, signal);
      if (!signal.aborted) yield* writer.write({ branch, answer, setup, varied }, signal);
    };
    const store = {
      saveProgress: messages.saveProgress.bind(messages),
      finish: messages.finish.bind(messages),
    };
    const describeModel = (): { modelName: string; backend: string } => {
      const { modelName, backend } = inference.status.value;
      return { modelName: modelName ?? '', backend: backend ?? '' };
    };
    const generation = new Generation({ answer, store, log, produce, describeModel });
    this.running.add(generation);
    return generation;
  }

  async #ended(exchange: Exchange, generation: Generation): Promise<void> {
    const { id } = exchange.conversation;
    this.running.remove(generation);
    if (generation.context) this.#contexts.set(id, generation.context);
    if (this.#closing.signal.aborted) return;
    await this.#flush();
    try {
      const conversation = this.saved(
        found(this.#options.database.holding(id).conversations.get(id), `conversation ${id}`),
      );
      const unnamed = conversation.titleSource === 'first-words' && generation.answer.status === 'complete';
      if (unnamed && this.running.of(id).length === 0) {
        await this.#nameByModel(id, exchange.question, generation.answer);
      }
    } catch (error) {
      // A title is a courtesy: without one the first words stay.
      if (!(error instanceof AppError)) this.#options.log.error('Title', error);
    }
  }

  async #nameByModel(id: number, question: Message, answer: Message): Promise<void> {
    const { database, inference, model } = this.#options;
    const title = await suggestTitle(inference, { question, answer, model }, this.#closing.signal);
    const { conversations } = database.holding(id);
    const stillUnnamed = conversations.get(id)?.titleSource === 'first-words';
    if (title && stillUnnamed) this.saved(conversations.rename(id, title, 'model'));
  }

  /** Committed it is; if the disk can't promise more, the next saving meets that again and says so. */
  async #flush(): Promise<void> {
    await this.#options.database.flush().catch((error: unknown) => this.#options.log.error('Flush', error));
  }

  /** What starts a generation at this message, once nothing else is being written beside it. */
  #freeFor(messageId: number): { messages: MessageRepository; now: number } {
    const { database, now } = this.#options;
    const { branches, messages } = database.holding(messageId);
    this.checkFree(branches.conversationOf(messageId));
    return { messages, now: now() };
  }
}

/** Resolves when `earlier` has ended or the signal aborts. */
async function endOf(earlier: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await Promise.race([earlier, promise]);
}

function found<T>(value: T | null, what: string): T {
  if (value === null) throw new AppError('not-found', `There is no ${what}`);
  return value;
}
