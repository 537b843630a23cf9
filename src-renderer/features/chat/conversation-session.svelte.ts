// One conversation as this window knows it, with the answer that is being written in it. It goes on listening while
// another conversation is on the screen.
import type { Attachment } from '#contract/attachment.ts';
import type { Failure } from '#contract/common.ts';
import type {
  ContextUse,
  Conversation,
  ConversationSetup,
  GenerationEvent,
  Message,
  OpenConversation,
} from '#contract/chat.ts';
import { asFailure, type ShownFailure } from '../../messages/error-message.ts';
import { TextStream } from '../../ui/markdown/text-stream.ts';

/** The answer being written. Its texts grow outside of Svelte's state. */
export interface LiveAnswer {
  answerId: number;
  text: TextStream;
  thought: TextStream;
}

/** What the model does, for the line under the last message. */
export type Phase =
  | { kind: 'sending' | 'thinking' | 'writing' | 'stopping' }
  | { kind: 'waiting'; for: 'turn'; place: number }
  | { kind: 'waiting'; for: 'engine' | 'model' }
  | { kind: 'reading'; doneTokens: number; totalTokens: number }
  | { kind: 'noting'; progress: number };

/** Two answers to the last question of which none is chosen yet. */
export interface AnswerPair {
  left: PairSide;
  right: PairSide;
}

/** One of them is followed like a conversation that consists of this answer. */
export interface PairSide {
  readonly answerId: number;
  readonly setup: ConversationSetup;
  readonly session: ConversationSession;
}

export class ConversationSession {
  conversation = $state.raw<Conversation | null>(null);
  /** Null while they are being fetched. The newest ones come first; the others follow by themselves. */
  messages = $state.raw<readonly Message[] | null>(null);
  context = $state.raw<ContextUse | null>(null);
  live = $state.raw<LiveAnswer | null>(null);
  phase = $state.raw<Phase | null>(null);
  /** Why what is shown could not be written to disk, for as long as that is so. */
  saving = $state.raw<Failure | null>(null);
  /** Why opening or sending failed. */
  failure = $state.raw<ShownFailure | null>(null);
  /** How long the thoughts of an answer took, in milliseconds; known for answers this window saw. */
  thoughtMs = $state.raw<ReadonlyMap<number, number>>(new Map());
  /** Written while an answer was being written: sent when that is complete; '' when there is nothing. */
  queued = $state('');
  /** What goes along with that. */
  queuedAttached = $state.raw<readonly Attachment[]>([]);
  /** Shown side by side, in place of the last message. */
  pair = $state.raw<AnswerPair | null>(null);
  /** A message to bring into view, and which way one was going through its versions. */
  target = $state.raw<{ id: number; direction?: 'previous' | 'next' } | null>(null);
  #thinkingSince = 0;
  /** What was shown before the branch that is being fetched. */
  #shown: readonly Message[] = [];

  /** An answer is on its way: nothing else can be sent. */
  readonly busy = $derived(this.phase !== null);
  /** The message before which the forgetting line is drawn. */
  readonly visibleFromId = $derived(this.context?.visibleFromId ?? null);

  get id(): number | null {
    return this.conversation?.id ?? null;
  }

  show(opened: OpenConversation): void {
    this.conversation = opened.conversation;
    this.#shown = this.messages ?? [];
    this.messages = this.#continued(opened.messages);
    if (!this.lacksEarlier) this.#shown = [];
    if (opened.context) this.context = opened.context;
    this.failure = null;
  }

  /** What comes before the messages that are here. False when they were replaced meanwhile. */
  prepend(earlier: readonly Message[], before: number): boolean {
    if (this.messages?.[0]?.id !== before) return false;
    this.messages = [...this.#continued(earlier), ...this.messages];
    if (!this.lacksEarlier) this.#shown = [];
    return true;
  }

  /** Older messages than those that are here have to be fetched. */
  get lacksEarlier(): boolean {
    return (this.messages?.[0]?.parentId ?? null) !== null;
  }

  /** What came before is still here when a part is fetched again or another branch is shown: nothing jumps under the
   * eye, and only what this window has not seen comes from the host. */
  #continued(part: readonly Message[]): readonly Message[] {
    const parentId = part[0]?.parentId ?? null;
    const at = parentId === null ? -1 : this.#shown.findIndex(({ id }) => id === parentId);
    return at >= 0 ? [...this.#shown.slice(0, at + 1), ...part] : part;
  }

  /**
   * Follows a generation to its end. `accepted` hears when the host has taken the message.
   * Resolves to why it broke off, or null.
   */
  async follow(events: AsyncIterable<GenerationEvent>, accepted?: () => void): Promise<ShownFailure | null> {
    this.failure = null;
    this.phase ??= { kind: 'sending' };
    try {
      for await (const event of events) {
        this.#take(event);
        if (event.type === 'accepted') accepted?.();
      }
      return null;
    } catch (error) {
      this.failure = asFailure(error);
      return this.failure;
    } finally {
      this.#finish();
    }
  }

  #take(event: GenerationEvent): void {
    switch (event.type) {
      case 'accepted':
        return this.#accept(event.conversation, event.question, event.answer);
      case 'snapshot':
        this.#put(event.answer);
        return this.#begin(event.answer);
      case 'waiting':
        this.phase = { ...event, kind: 'waiting' };
        return;
      case 'reading':
        this.phase = { kind: 'reading', doneTokens: event.doneTokens, totalTokens: event.totalTokens };
        return;
      case 'noting':
        if (this.phase?.kind !== 'stopping') this.phase = { kind: 'noting', progress: event.progress };
        return;
      case 'context':
        this.context = event.context;
        return;
      case 'thought':
        return this.#think(event.text);
      case 'text':
        return this.#write(event.text);
      case 'saving':
        this.saving = event.failure;
        return;
      case 'done':
        return this.#put(event.answer, true);
    }
  }

  #accept(conversation: Conversation, question: Message, answer: Message): void {
    const before = this.messages ?? [];
    const parentAt = before.findIndex((message) => message.id === question.parentId);
    // A parent that this window has not seen was written in another one, after all that is here.
    const seen = question.parentId === null || parentAt >= 0;
    this.conversation = conversation;
    this.pair = null;
    this.target = null;
    this.messages = [...(seen ? before.slice(0, parentAt + 1) : before), question, answer];
    this.#begin(answer);
  }

  #begin(answer: Message): void {
    this.live = {
      answerId: answer.id,
      text: new TextStream(answer.text),
      thought: new TextStream(answer.thought),
    };
  }

  #think(text: string): void {
    if (this.phase?.kind !== 'thinking') {
      this.#thinkingSince = performance.now();
      if (this.phase?.kind !== 'stopping') this.phase = { kind: 'thinking' };
    }
    this.live?.thought.append(text);
  }

  #write(text: string): void {
    if (this.phase?.kind !== 'writing') {
      this.#endThought();
      if (this.phase?.kind !== 'stopping') this.phase = { kind: 'writing' };
    }
    this.live?.text.append(text);
  }

  #endThought(): void {
    if (this.#thinkingSince === 0 || !this.live) return;
    const took = performance.now() - this.#thinkingSince;
    this.thoughtMs = new Map(this.thoughtMs).set(this.live.answerId, took);
    this.#thinkingSince = 0;
  }

  #put(answer: Message, last = false): void {
    this.messages = (this.messages ?? []).map((message) => (message.id === answer.id ? answer : message));
    if (!last) return;
    this.#endThought();
    this.live = null;
    this.saving = null;
  }

  /** Ends without `done` keep the text that was seen; the host still writes, and tells after a reconnect. */
  #finish(): void {
    if (this.live) {
      const { answerId, text, thought } = this.live;
      this.messages = (this.messages ?? []).map((message) =>
        message.id === answerId ? { ...message, text: text.text, thought: thought.text } : message,
      );
    }
    this.live = null;
    this.phase = null;
  }
}
