// What the list of installed models says of a model's file, and in which order models stand.
import type { ExportEvent, Model } from '#contract/models.ts';
import { formatBytes, formatDay } from '../../../messages/format.ts';
import { t } from '../../../messages/translate.ts';

export const MODEL_ORDERS = ['used', 'name', 'size'] as const;
export type ModelOrder = (typeof MODEL_ORDERS)[number];

/** "In the models folder · 2.5 GB on disk · last used yesterday"; `memoryBytes`: what it holds while loaded. */
export function fileLine(model: Model, memoryBytes: number | null): string {
  const { placement, sizeBytes, lastUsedAt } = model;
  return [
    t(`models.placement.${placement}`),
    t('models.onDisk', { size: formatBytes(sizeBytes) }),
    lastUsedAt === null ? t('models.neverUsed') : t('models.lastUsed', { when: formatDay(lastUsedAt) }),
    memoryBytes === null ? null : t('engine.memory', { size: formatBytes(memoryBytes) }),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** By name from A, by size from the largest, by use from the latest; the demo model is always last. */
export function sortModels(models: readonly Model[], order: ModelOrder): Model[] {
  const byName = (a: Model, b: Model): number => a.name.localeCompare(b.name, undefined, { numeric: true });
  const compare = {
    used: (a: Model, b: Model) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || b.addedAt - a.addedAt,
    name: byName,
    size: (a: Model, b: Model) => b.sizeBytes - a.sizeBytes,
  }[order];
  return models.toSorted((a, b) => Number(a.demo) - Number(b.demo) || compare(a, b) || byName(a, b));
}

/** "Copying: 1.2 GB of 2.5 GB" */
export function exportWords(step: Exclude<ExportEvent, { type: 'exported' }> | null): string {
  if (!step) return t('models.exportDialog.preparing');
  const { type, doneBytes, totalBytes } = step;
  return t(`models.exportDialog.${type}`, { done: formatBytes(doneBytes), total: formatBytes(totalBytes) });
}
