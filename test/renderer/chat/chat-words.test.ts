// Catches: conversations in the wrong group around midnight.
import { describe, expect, it } from 'vitest';
import { answerSettings } from '#contract/presets.ts';
import { groupByAge } from '../../../src-renderer/features/chat/conversation-groups.ts';

describe('groups by age', () => {
  it('counts in local days, not in hours', () => {
    const now = new Date(2026, 4, 20, 0, 30).getTime();
    const at = (...args: [number, number, number, number]) => new Date(...args).getTime();
    const times = [
      at(2026, 4, 20, 0),
      at(2026, 4, 19, 23),
      at(2026, 4, 18, 12),
      at(2026, 4, 10, 1),
      at(2026, 3, 30, 1),
    ];
    const list = times.map((updatedAt, id) => ({
      id,
      title: '',
      titleSource: 'person' as const,
      pinned: false,
      archived: false,
      folderId: null,
      tags: [],
      temporary: false,
      createdAt: 0,
      updatedAt,
      presetId: null,
      modelId: null,
      settings: answerSettings.parse({}),
      generating: false,
    }));
    expect(groupByAge(list, now).map(({ kind }) => kind)).toEqual([
      'today',
      'yesterday',
      'week',
      'month',
      'month',
    ]);
  });
});
