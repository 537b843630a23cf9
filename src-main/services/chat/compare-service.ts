// Asks one question twice, of two models or under two presets, and lets the person keep one of the answers. They are
// written one after the other: there is one engine.
import type { CompareInput } from '#contract/compare.ts';
import type { Comparison, ConversationSetup, GenerationEvent, OpenConversation } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Exchange } from '../../database/message-repository.ts';
import type { TalkDatabase } from '../../database/temporary-database.ts';
import type { AttachedTexts } from '../attachments/attached-texts.ts';
import type { ChatService } from './chat-service.ts';
import { checkText } from './message-text.ts';
import { titleFromQuestion } from './titles.ts';

interface CompareOptions {
  database: AppDatabase;
  chat: Pick<ChatService, 'open' | 'write' | 'saved' | 'running'>;
  attached: Pick<AttachedTexts, 'names' | 'settle'>;
  /** The model that answers now; null when there is none. */
  model: () => Model | null;
  now: () => number;
}

type Question = CompareInput['question'];
type NewQuestion = Extract<Question, { kind: 'new' }>;
type Sides = Pick<CompareInput, 'left' | 'right'>;

export class CompareService {
  readonly #options: CompareOptions;

  constructor(options: CompareOptions) {
    this.#options = options;
  }

  /** @throws AppError message-empty, message-too-long, conversation-busy, not-found, disk-full, database-*. */
  async start({ question, ...wanted }: CompareInput): Promise<OpenConversation> {
    const { chat } = this.#options;
    const sides = this.#withModels(wanted);
    if (question.kind === 'new') await this.#settle(question);
    const talk = this.#placeOf(question);
    const { left, right } = talk.transaction(() => this.#commit(talk, question, sides));
    const first = chat.write(left, { setup: sides.left });
    chat.write(right, { setup: sides.right, after: first.ended });
    await this.#flush();
    chat.saved(left.conversation);
    return chat.open(left.conversation.id, true);
  }

  /** An answer while it is being written; ends at once when it is not. */
  async *watch(answerId: number, signal: AbortSignal): AsyncGenerator<GenerationEvent> {
    const generation = this.#options.chat.running.find(answerId);
    if (generation) yield* generation.watch(signal);
  }

  /** @throws AppError not-found, conversation-busy */
  async keep(answerId: number): Promise<OpenConversation> {
    const { database, chat } = this.#options;
    const talk = database.holding(answerId);
    const id = talk.branches.conversationOf(answerId);
    if (chat.running.find(answerId))
      throw new AppError('conversation-busy', `Answer ${answerId} is being written`);
    const others = chat.running.of(id);
    for (const other of others) other.stop();
    await Promise.all(others.map((other) => other.ended));
    const conversation = talk.transaction(() => {
      const pair = talk.comparisons.pending(id);
      const setup = setupOf(pair, answerId);
      if (!pair || !setup) throw new AppError('not-found', `Answer ${answerId} is not being compared`);
      talk.comparisons.remove(pair.questionId);
      talk.conversations.setActiveMessage(id, answerId);
      return talk.conversations.configure(id, setup);
    });
    await this.#flush();
    chat.saved(conversation);
    return chat.open(id, true);
  }

  async #settle({ text, attachmentIds = [] }: NewQuestion): Promise<void> {
    const { attached } = this.#options;
    checkText(text, attached.names(attachmentIds).length > 0);
    await attached.settle(attachmentIds, text);
  }

  #titleOf({ text, attachmentIds = [] }: NewQuestion): string {
    return titleFromQuestion(text) || titleFromQuestion(this.#options.attached.names(attachmentIds)[0] ?? '');
  }

  /** Of two different models both are named: by the time one is kept, another one than now may be in use. */
  #withModels({ left, right }: Sides): Sides {
    if (left.modelId === right.modelId) return { left, right };
    const inUse = this.#options.model()?.id ?? null;
    const named = (side: ConversationSetup): ConversationSetup => ({
      ...side,
      modelId: side.modelId ?? inUse,
    });
    return { left: named(left), right: named(right) };
  }

  /** Where the question is kept, once it can be asked there. */
  #placeOf(question: Question): TalkDatabase {
    const { database, chat } = this.#options;
    if (question.kind === 'asked') {
      const talk = database.holding(question.messageId);
      chat.running.checkFree(talk.branches.conversationOf(question.messageId));
      return talk;
    }
    if (question.conversationId === null) return question.temporary ? database.temporary : database;
    chat.running.checkFree(question.conversationId);
    return database.holding(question.conversationId);
  }

  /** The left answer is the end of the branch until one is kept. */
  #commit(talk: TalkDatabase, question: Question, sides: Sides): { left: Exchange; right: Exchange } {
    const { messages, conversations, comparisons } = talk;
    const now = this.#options.now();
    const { left: setup } = sides;
    const left =
      question.kind === 'asked'
        ? messages.startAnswer(question.messageId, now)
        : messages.startExchange({ ...question, title: this.#titleOf(question), setup, now });
    const questionId = left.question.id;
    const right = messages.startAnswer(questionId, now);
    conversations.setActiveMessage(left.conversation.id, left.answer.id);
    comparisons.add({ questionId, leftId: left.answer.id, rightId: right.answer.id, ...sides });
    return { left, right };
  }

  /** Committed it is; what the disk can't promise now, the next saving meets again and says. */
  async #flush(): Promise<void> {
    await this.#options.database.flush().catch(() => {});
  }
}

function setupOf(pair: Comparison | null, answerId: number): ConversationSetup | null {
  const side = [pair?.left, pair?.right].find((each) => each?.answer.id === answerId);
  return side?.setup ?? null;
}
