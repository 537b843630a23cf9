// Wires presets to the database: one that goes leaves what it said with the conversations that used it.
import type { AppDatabase } from '../../database/app-database.ts';
import { PresetService, valuesOf } from './preset-service.ts';

export function openPresets(database: AppDatabase): PresetService {
  return new PresetService({
    repository: database.presets,
    transaction: (work) => database.transaction(work),
    detach({ id: presetId, settings }) {
      for (const { conversations } of [database, database.temporary])
        for (const { id, settings: own } of conversations.usingPreset(presetId))
          conversations.configure(id, { presetId: null, settings: { ...settings, ...valuesOf(own) } });
    },
  });
}
