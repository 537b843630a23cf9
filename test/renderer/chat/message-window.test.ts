// Catches: a list that mounts ever more, or nothing, at some place of a long conversation; room that differs from what
// was measured, so that the text jumps under the eye; a message that goes away while somebody works in it.
import { describe, expect, it } from 'vitest';
import { MessageWindow } from '../../../src-renderer/features/chat/message-window.ts';

const messages = Array.from({ length: 5_000 }, (_, index) => ({
  id: index + 1,
  role: index % 2 ? ('answer' as const) : ('user' as const),
  text: 'x'.repeat((index * 37) % 900),
}));
const start = { skipped: 0, count: 8 };

describe('the window of messages', () => {
  it('covers the eye at every place, and holds few', () => {
    const window = new MessageWindow();
    const all = window.room(messages, { skipped: 0, count: 0 }).above;
    let span = start;
    for (let up = 0; up < all; up += 1_777) {
      span = window.spanFor(messages, { up, height: 800 }, span);
      const { above, below } = window.room(messages, span);
      expect(below).toBeLessThanOrEqual(up);
      expect(all - above).toBeGreaterThanOrEqual(Math.min(all, up + 800));
      expect(span.count).toBeLessThan(90);
    }
    expect(span.skipped + span.count).toBe(messages.length);
  });

  it('stays as it is for a small movement, and when older messages arrive', () => {
    const window = new MessageWindow();
    const eye = { up: 20_000, height: 800 };
    const span = window.spanFor(messages.slice(2_000), eye, start);
    expect(window.spanFor(messages.slice(2_000), { ...eye, up: 20_300 }, span)).toBe(span);
    expect(window.spanFor(messages, eye, span)).toBe(span);
  });

  it('keeps the room that was measured', () => {
    const window = new MessageWindow();
    messages.slice(-10).forEach(({ id }) => window.measure(id, 50));
    expect(window.room(messages, { skipped: 10, count: 5 }).below).toBe(500);
  });

  it('drops nothing that is held, unless that became far too much', () => {
    const window = new MessageWindow();
    const near = window.spanFor(messages, { up: 6_000, height: 800 }, start, true);
    expect(near.skipped).toBe(0);
    const far = window.spanFor(messages, { up: 300_000, height: 800 }, near, true);
    expect(far.skipped).toBeGreaterThan(100);
  });
});
