// Entry of browser mode. The check comes first and the app as a module of its own, so that nothing native is loaded
// by a Node that can't.
import '../require-node.mjs';

const { runBrowserMode } = await import('./run-browser-mode.ts');
await runBrowserMode(process.argv.slice(2));
