// node-llama-cpp tries its native binary in a forked process before it loads it. Packaged Electron forbids such
// forks (RunAsNode fuse off), and this process is that test itself: when the binary crashes, the supervisor sees
// it and takes the next backend. Must be imported before node-llama-cpp is.
import { registerHooks } from 'node:module';

const BINARY_TEST = '/node-llama-cpp/dist/bindings/utils/testBindingBinary.js';

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith(BINARY_TEST)) return nextLoad(url, context);
    return {
      format: 'module',
      shortCircuit: true,
      source: 'export async function testBindingBinary() { return true; }',
    };
  },
});
