// The answers that are being written now: one in a conversation, or the two that are compared there.
import { AppError } from '#contract/errors.ts';
import type { Comparison, Message } from '#contract/chat.ts';
import type { Generation } from './generation.ts';

export class RunningAnswers {
  readonly #all = new Set<Generation>();

  add(generation: Generation): void {
    this.#all.add(generation);
  }

  remove(generation: Generation): void {
    this.#all.delete(generation);
  }

  /** In the order in which they are written. */
  of(conversationId: number): Generation[] {
    return [...this.#all].filter(({ answer }) => answer.conversationId === conversationId);
  }

  find(answerId: number): Generation | null {
    return [...this.#all].find(({ answer }) => answer.id === answerId) ?? null;
  }

  /** The message with what is written of it so far. */
  latest(message: Message): Message {
    return this.find(message.id)?.answer ?? message;
  }

  latestPair({ left, right, ...pair }: Comparison): Comparison {
    const latest = (side: Comparison['left']): Comparison['left'] => ({
      ...side,
      answer: this.latest(side.answer),
    });
    return { ...pair, left: latest(left), right: latest(right) };
  }

  /** @throws AppError conversation-busy */
  checkFree(conversationId: number): void {
    if (this.of(conversationId).length === 0) return;
    throw new AppError('conversation-busy', 'An answer is being written in this conversation');
  }

  stop(conversationId: number): void {
    for (const generation of this.of(conversationId)) generation.stop();
  }

  /** Keeps all of them as interrupted, at once. */
  interrupt(): void {
    for (const generation of this.#all) generation.interrupt();
  }
}
