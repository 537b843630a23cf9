// A short notice at the foot of the window, with at most one thing to do about it.
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action?: { label: string; run: () => void } | undefined;
}
