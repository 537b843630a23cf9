// What a person drags onto the window and what the desktop tells of it: a page itself never learns where a file lies.

/** Files of the system are being dragged, not a text or a row of the page. */
export function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** Where dropped files lie, if this is such a message; the preload posts it. */
export function droppedPaths(event: MessageEvent): string[] | null {
  const { type, paths } = (event.data ?? {}) as { type?: unknown; paths?: unknown };
  if (event.source !== window || type !== 'lapidary-dropped' || !Array.isArray(paths)) return null;
  return paths.filter((path) => typeof path === 'string');
}

/** The model files, one for each model however many parts were dropped (any part stands for all), and the names of what is none. */
export function sortDropped(paths: readonly string[]): { models: string[]; others: string[] } {
  const models = new Map<string, string>();
  for (const path of paths.filter(isModelFile)) {
    const whole = path.replace(/-\d{5}(-of-\d{5}\.gguf)$/i, '$1');
    if (!models.has(whole)) models.set(whole, path);
  }
  const others = paths.filter((path) => !isModelFile(path)).map((path) => path.split(/[\\/]/).at(-1) ?? path);
  return { models: [...models.values()], others };
}

/** By its name. */
export function isModelFile(path: string): boolean {
  return /\.gguf$/i.test(path);
}
